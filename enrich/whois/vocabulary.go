package whois

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"spoor/internal/text"
)

// field is the meaning of a key. Fields of a contact need a role as well.
type field string

// The fields.
const (
	fDomain         field = "domain"
	fID             field = "domain id"
	fRegistrar      field = "registrar"
	fRegistrarID    field = "registrar id"
	fRegistrarURL   field = "registrar url"
	fRegistrarWHOIS field = "registrar whois"
	fAbuseEmail     field = "abuse email"
	fAbusePhone     field = "abuse phone"
	fReseller       field = "reseller"
	fCreated        field = "created"
	fUpdated        field = "updated"
	fExpires        field = "expires"
	fNameServer     field = "name server"
	fNameServerAddr field = "name server address"
	fStatus         field = "status"
	fDNSSEC         field = "dnssec"
	fHost           field = "host record" // a name server's own record, in answers of old registries
	fDescr          field = "description" // RIPE's lines about the holder
	fIgnore         field = "ignore"

	fContact field = "contact" // heading, or the contact's name or handle
	fHandle  field = "handle"
	fName    field = "name"
	fGiven   field = "given name"
	fFamily  field = "family name"
	fOrg     field = "organization"
	fStreet  field = "street"
	fCity    field = "city"
	fRegion  field = "region"
	fPostal  field = "postal_code"
	fCountry field = "country"
	fCC      field = "country code"
	fPhone   field = "phone"
	fFax     field = "fax"
	fEmail   field = "email"
)

// roles is a set of contact roles.
type roles uint8

// The roles. A key may have several: "admin and technical contact".
const (
	registrant roles = 1 << iota
	admin
	tech
	billing
	nobody // a contact without a place in Registration: zone, abuse, on-site
)

// term is the meaning of a key.
type term struct {
	field field
	roles roles
	weak  bool // a date that may belong to the block's contact or host instead
}

// domainKeys are normalised keys about the domain itself.
var domainKeys = buildKeys(domainLists)

// domainLists are the keys of each field of a domain, in normal form
// (normalKey), as registries in many languages write them.
var domainLists = map[field]string{
	fDomain: `domain|domain name|domainname|domain name ascii|ascii domain name|nom de domaine|nome de dominio|nome de domínio|nombre de dominio|dominio|domaine|
		query|complete domain name|domain name idn|ドメイン名|도메인이름|域名|domein|domain name unicode`,
	fID: `domain id|registry domain id|roid|domain roid|domain handle|id domain|domainid|domain repository object id`,
	fRegistrar: `registrar|registrar name|registrar company|sponsoring registrar|sponsoring registrar name|sponsoring registrar organization|registrar organization|registrar organisation|current registrar|current registar|
		registrar of record|registered through|registered via|registered by|registration service|authorized agency|authorised agency|record maintained by|registrar company name|
		domain registrar|domain registration service|registrar contact|registrador|registrar info|registrar information|registrar or provider|registrar organization name|
		bureau d enregistrement|agente registrador|agent registrar|registration agent|registro|entidad registradora|registrador de dominio|注册商|所属注册服务机构|등록대행자|регистратор|domain provider|support|
		domain managed by|managed by|domain maintained by|prestataire|registrarname|registrado por|registering agent|agent d enregistrement|registrar c|kayıt firması|account name`,
	fRegistrarID:    `registrar iana id|sponsoring registrar iana id|iana id|registrar iana`,
	fRegistrarURL:   `registrar url|referral url|sponsoring registrar url|registrar website|registrar web|registrar homepage|registrar www|registrar url registration services|registration service url|registrar http`,
	fRegistrarWHOIS: `registrar whois server|registrar whois|whois server|whois|refer|referral server|referralserver|registrar whois host|whois service`,
	fAbuseEmail:     `registrar abuse contact email|registrar abuse email|abuse contact email|abuse email|registrar customer service email|registrar email|abuse contact`,
	fAbusePhone:     `registrar abuse contact phone|registrar abuse phone|abuse contact phone|abuse phone|registrar customer service contact phone`,
	fReseller:       `reseller|reseller name|reseller organization|registration service provider|registration service provided by|service provider|domain reseller`,
	fCreated: `created|created on|created date|creation date|create date|created at|creation|creation time|registered|registered on|registered date|registration date|registration time|registration|date registered|
		domain registration date|domain created|domain create date|domain created on|domain creation date|domain registered|record created|record created on|entry created|registered since|registration created|
		domain record activated|activated|activated on|activation date|first registration date|first registered|date of registration|date of creation|date created|commencement date|domain name commencement date|domain commencement date|delegated|
		connected date|connect date|connected|reg date|regdate|registrationdate|creationdate|createddate|create|domain datebilled|domain dateregistered|dateregistered|insert date|
		date de creation|date de création|fecha de creacion|fecha de creación|fecha de registro|fecha de alta|fecha de activacion|data de registo|data de registro|data de criação|data di registrazione|criado|
		登録年月日|등록일|注册日期|注册时间|дата регистрации|created by registrar on|original created|initial registration|domaincreated|oluşturulma tarihi|registrerad|registreeritud|aangemaakt|record create date|
		approved|date approved|acivated|approval date|domain dateregistered on|registration start date|start date|assigned|valid from|domain registered on|domain name registered|domain created date`,
	fUpdated: `updated|updated on|updated date|update date|last updated|last updated on|last update|last update on|last update date|last updated date|last modified|last modified on|last modified date|last modification|last modification date|modified|
		modified on|modified date|modification date|changed|changed on|changed date|last changed|last changed date|last change|date updated|date modified|date changed|record last updated|record last updated on|
		record last modified|record last modified on|record updated|record updated on|record modified|domain last updated|domain last updated date|domain updated|domain updated on|domain record last updated|domain modified|last edited|last edited on|entry updated|
		domain datelastmodified|datelastmodified|lastupdated|lastmodified|updateddate|updatedate|last transferred and or updated|last update time|updated time|update|amended|last amended|
		date de modification|derniere modification|dernière modification|fecha de modificacion|fecha de modificación|fecha de actualizacion|fecha de ultima modificacion|última alteração|data de modificação|ultima modificacion|ultima actualizacion|alterado|
		最終更新|最近更新日|최근 정보 변경일|更新时间|更新日期|дата изменения|update time|last mod|domain last modified|domain last updated on|record changed|record changed on`,
	fExpires: `expires|expires on|expire|expire date|expire on|expires at|expiration|expiration date|expiration time|expiration on|expiry|expiry date|expiry on|exp date|expdate|expired|expired date|expirationdate|expirydate|expiredate|registry expiry date|
		registrar registration expiration date|domain expiration date|domain expiration|domain expires|domain expired|domain expires on|domain expiry date|domain expiry|record expires|record expires on|record will be expiring on|record expiring on|entry expires|expires date|
		paid till|paid until|paid up to|valid until|valid to|valid till|valid date|validity|valid thru|renewal date|renewal|renew date|renewal by|renewal due|next renewal|registered until|registration expires|registration expiration date|registration expiration|
		domain datepaiduntil|domain datebilleduntil|datebilleduntil|date renewal|record expired|record expired on|datepaiduntil|domain paid until|domain expires date|date of expiry|date of expiration|date expires|expiry time|expires time|expiration day|exp|
		date d expiration|date d échéance|fecha de vencimiento|fecha de expiracion|fecha de expiración|fecha de caducidad|data de expiração|data de expiracao|data di scadenza|scadenza|
		有効期限|사용 종료일|到期日期|到期时间|过期时间|дата окончания|до|vervaldatum|bitiş tarihi|registration end date|end date|anniversary|anniversary date|record expiration date|domain valid until|record will expire on|domain currently expires|currently expires|registrar registration expiration|registrar expiration date|domain registration expires`,
	fNameServer: `name server|name servers|nameserver|nameservers|nserver|nservers|ns|dns|dns server|dns servers|dns name server|domain server|domain servers|domain servers in listed order|nameserver in listed order|name server in listed order|domain nameserver|domain nameservers|domain name server|domain name servers|
		listed name servers|listed nameservers|name server information|name servers information|nameserver information|nameservers information|domain name servers information|name server hostname|nameserver hostname|name servers in listed order|
		host name|hostname|host names|hostnames|primary server|secondary server|primary name server|secondary name server|primary nameserver|secondary nameserver|primary dns|secondary dns|primary host name|primary server hostname|secondary server hostname|third server hostname|fourth server hostname|fifth server hostname|third server|fourth server|
		primary nameserver hostname|secondary nameserver hostname|tertiary server|p nserver|s nserver|pns|sns|dns host|ns host|name server host|serveur de noms|serveurs de noms|serveurs dns|servidores de nombre|servidor de nombres|servidores de nombres|servidores dns|servidor dns|
		nombre servidor|dns primario|dns secundario|nome servidor|servidores de nomes|ネームサーバ|네임서버|1차 네임서버 정보|2차 네임서버 정보|域名服务器|dns服务器|сервер dns|dns name servers|ns list|ns server|ns servers|name server name|nameserver name|fqdn|
		delegated name server|delegated name servers|name servers listed|nserver name|dns server list|domain dns servers|ns records|authoritative name servers|nimiserver|nimiserverid|namnserver|vardu serveri|dns records|server dns|servers|ns hostname|ns name|name servers in the listed order|nameservers in listed order|domain name servers listed in order|domain name servers in listed order|servidor es de nombres de dominio|servidor es de nombre de dominio|dns name|primary ns|secondary ns|listed domain servers|current nameservers|current name servers|dns servidores|servidores de dns|dns information|dns name server s`,
	fNameServerAddr: `ip address|ip addresses|nameserver ip|name server ip|ip|ipv4|ipv6|ipv4 address|ipv6 address|nserver ip|host ip|primary server ip|secondary server ip|primary nameserver ip|secondary nameserver ip|primary server ip address|secondary server ip address|
		primary ip address|secondary ip address|primary server address|ns ip|name server address|nameserver ip address|server ip|ns netaddress|primary ns ip|secondary ns ip|ns address|ns ip address|dns ip|netaddress|primary server netaddress|secondary server netaddress|third server netaddress|primary nameserver ip address|secondary nameserver ip address`,
	fStatus: `status|domain status|domain state|state of domain|registration status|estado|statut|estado status|eppstatus|epp status|stato|etat|status code|domain registration status|query status|域名状态|состояние|current status|status of domain|domain statuses|
		등록정보 상태|stav|estatus del dominio|estatus|状態|ステータス|status list|phase|domainstatus|durum`,
	fDNSSEC: `dnssec|dnssec signed|secure dns|signed|dnssec status|dnssec delegation|ds rdata present`,
	fDescr:  `descr`,
	fHost:   `server name|nameserver object|nsset|keyset`,
	fIgnore: `last update of whois database|last update of rdds database|database last updated|database last updated on|whois database last updated|the data in this whois database was last updated|record last updated from|
		free date|delete date|deletion date|drop date|source|remarks|remark|notice|note|notes|please note|important|disclaimer|terms of use|url of the icann whois inaccuracy complaint form|url of the icann whois data problem reporting system|
		url of the icann whois inaccuracy complaint form https|phone ext|fax ext|language|lang|type|legal type|entity type|trad name|registrar customer service contact|query datetime|version|copyright|trouble|
		registrar handle|registrar id|registrar phone|registrar fax|registrar address|registrar street|registrar city|registrar country|registrar postal code|registrar state province|registrar tag|registrar number|mnt by|upd to|ds data|
		ds rdata|ds keytag|key tag|algorithm|digest type|digest|ds records|dns key|dnskey|keytag|registrar technical contacts|registrar created|registrar updated|last transfer|last transferred date|transfer date|domain last transferred date|
		transferred|nsstat|nslastaa|saci|signing key|eligibility type|eligibility name|eligibility id|registrant eligibility|nic hdl type|contact type|type of registrant|registrant type|first given name alias|sec hdl|
		whois lookup made at|whois lookup|auth info code|authinfo code|registrar authinfo|ref|vat|vat number|tax id|ownerid|organization id|organisation number|organization number|tax number|registrant vat|company number|registration number|registrant application purpose|
		registrant nexus category|nexus category|application purpose|created by|created by registrar|last updated by registrar|last updated by|updated by|last transferred|hold|holdreg|publish|anonymous|obsoleted|eligstatus|eligdate|reachdate|reachsource|eligsource|reachmedia|reachstatus|
		disclose|reporter|provider ref|nic handle type|legal form|source of data|nserver check`,
}

// weakDates are keys that occur in contacts and hosts too.
var weakDates = keySet(`created|changed|modified|updated|last update|last updated|last modified|registered|created date|changed date|updated date|creation date|created on|updated on|last changed|registered date|modified on|date created|date updated|last modification|entry created`)

// weakRegistrars are keys that name the registrar only if no other key does.
// They often name a reseller or a maintainer, as in Nominet's answers.
var weakRegistrars = keySet(`registered through|registered via|registered by|registration service|record maintained by|managed by|domain maintained by|support|prestataire|account name|domain provider|domain managed by|registration agent`)

// strongDates keep their meaning inside a contact's block, because contacts do
// not expire.
var strongDates = keySet(`record created on|record created|record last updated on|record last updated|record updated|record expires on|record expires|domain created|domain updated`)

// contactKeys are keys about a person or organisation.
var contactKeys = buildKeys(contactLists)

// contactLists are the keys of each field of a contact.
var contactLists = map[field]string{
	fHandle: `id|handle|nic hdl|nic handle|nichandle|nic hdl br|hdl|contact id|contactid|contact handle|person id|user id|nic id|registry id|roid|norid handle|identifier|ident|contact identifier|nicid|code|reference|account id|pid`,
	fName: `name|person|contact name|full name|personname|person name|nome|nombre|nom|responsible|contact person|naam|navn|nimi|role|person in charge|real name|jméno|isim|titular name|responsable|last first name|first last name|individual name|
		name of contact|contactname|fullname|nazwa|ime|представитель|vards|nosaukums|imię|attn|attention`,
	fGiven:  `first name|given name|firstname|forename|vorname|prenom|prénom|nombres|first`,
	fFamily: `last name|surname|family name|lastname|nachname|apellidos|apellido|last`,
	fOrg: `organization|organisation|org|org name|organization name|organisation name|company|company name|company english name it should be the same as the registered trademark entity name|company english name|firma|organizacion|organización|organizacja|organisatie|institution|institution name|
		corporate name|business name|organizationname|organisationname|company organization|organizace|orgname|instituicao|empresa|societe|société|kurum|organización nombre|注册单位|организация|organisation unit|organizationloc|organization loc|registrant organization name|entity|enterprise|o`,
	fStreet: `street|address|addr|postal address|address line|street address|streetaddress|adresse|direccion|dirección|endereco|endereço|morada|cim|cím|indirizzo|ulice|ulica|улица|住所|주소|адрес|address street|mailing address|adress|adres|line|adresa|addressloc|address loc|address line one|address line two|rue|calle|
		location|po box|street number|house number|lokasi|post address|contact address|full address`,
	fCity:    `city|town|locality|ville|ciudad|kota|suburb|city locality|miasto|localidad|localidade|città|citta|plaats|ort|address city|city town|il ilçe|municipality|město|cityloc|address locality|település|stad`,
	fRegion:  `state|state province|stateprovince|province|region|st|sp|county|state county|state region|provincia|estado provincia|provincia estado|state or province|province state|address state|département|prefecture|oblast|area|region state|state prov`,
	fPostal:  `postal code|zip|zip code|zipcode|postcode|post code|postalcode|pc|cp|pcode|plz|zip postal code|postal zip code|postal|code postal|codigo postal|código postal|psc|psč|address postcode|kod pocztowy|postnummer|郵便番号|우편번호|cap|zip postcode|zip code postal code|postal code zip|irányítószám|po code`,
	fCountry: `country|country economy|pays|pais|país|ülke|nation|land|kraj|country name|address country|countryname|country region|国家|state of residence|stát|countryloc|paese|riik|ország`,
	fCC:      `country code|cc|countrycode|c|country iso|iso country code|country iso code`,
	fPhone:   `phone|phone number|phone no|phonenumber|tel|tel no|telephone|telephone number|telephone no|voice|voice number|voice no|telefon|telefono|teléfono|telefone|tél|telno|phone 1|téléphone|電話番号|전화번호|телефон|puh|tlf|telefoon|office phone|work phone|contact phone|phone voice|tel number|phone fixed|mobile|mobile phone|cell|gsm|vph|phoneno|numero de telephone`,
	fFax:     `fax|fax no|fax number|faxnumber|facsimile|telefax|facsimile number|fax nr|faks|fax numbers|faxno|facsimile no|fax phone|faximile|faks numarası|факс`,
	fEmail:   `email|e mail|mail|email address|e mail address|electronic mail|electronic mailbox|mailbox|correo|correo electronico|correo electrónico|e mails|emailaddress|contact email|courriel|eposta|e posta|sähköposti|電子メール|전자우편|emails|email addr|e mail adresse|электронная почта|почта|contact e mail|emailid|mail address`,
	fCreated: `created|created on|created date|registered|registration date|creation date`,
	fUpdated: `changed|updated|modified|last update|last updated|last modified|updated date`,
	fIgnore:  `phone ext|fax ext|type|remarks|www|url|website|web|web site|web address|web page|homepage|registration id|tax id|national id|passport|birth date|vat|language|status|note|notes`,
}

// roleWords begin keys or headings about a contact. The longest match counts.
var roleWords = map[string]roles{
	"registrant": registrant, "registrants": registrant, "owners": registrant, "owner": registrant, "holder": registrant, "domain holder": registrant, "domain owner": registrant, "titular": registrant,
	"titulaire": registrant, "registrante": registrant, "domain registrant": registrant, "domain name holder": registrant, "domain name owner": registrant, "registered owner": registrant, "holder of domain name": registrant,
	"registry registrant": registrant, "licensee": registrant, "domain name registrant": registrant, "organization using domain name": registrant, "organization or person using domain name": registrant, "person using domain name": registrant, "person or organization using domain name": registrant, "owner org": registrant, "domain holders": registrant,
	"登録者": registrant, "등록인": registrant, "注册者": registrant, "注册人": registrant, "域名所有者": registrant, "владелец": registrant, "domaininhaber": registrant, "titolare": registrant, "domeinhouder": registrant, "domainowner": registrant,
	"abonent": registrant, "subscriber": registrant, "domínio titular": registrant, "sahibi": registrant, "registered to": registrant, "registered for": registrant, "domain name administrator": admin, "organization": registrant,
	"admin": admin, "administrative": admin, "administrator": admin, "adm": admin, "ac": admin, "adminstrative": admin, "administrativo": admin, "contacto administrativo": admin, "contact administratif": admin, "administratif": admin, "contatto amministrativo": admin,
	"registry admin": admin, "registry administrative": admin, "authorized": admin, "authorised": admin, "responsible person": admin, "entidade gestora": admin, "responsável administrativo": admin, "管理联系人": admin, "책임자": admin, "domain admin": admin, "domain administrative": admin,
	"authorization": admin, "contacto de administracion": admin, "dominio contacto administrativo": admin, "legal": admin, "adminc": admin,
	"tech": tech, "technical": tech, "tec": tech, "technic": tech, "tecnico": tech, "contacto tecnico": tech, "contacto técnico": tech, "contact technique": tech, "technique": tech, "contatto tecnico": tech, "registry tech": tech, "registry technical": tech,
	"responsável técnico": tech, "responsable technique": tech, "domain tech": tech, "domain technical": tech, "techc": tech, "tc": tech, "nameserver operator": tech, "技术联系人": tech,
	"billing": billing, "bill": billing, "payment": billing, "financial": billing, "invoice": billing, "invoicing": billing, "contacto de cobranza": billing, "contacto cobranza": billing, "contacto de pago": billing, "contact facturation": billing, "registry billing": billing, "domain billing": billing, "bil": billing,
	"contact information": admin, "public contact": admin, "zone": nobody, "org": registrant, "organisation": registrant, "onsite": nobody, "abuse": nobody, "noc": nobody, "hosting": nobody, "registrar technical": nobody, "registrar abuse": nobody, "registrar customer service": nobody, "sponsor": nobody, "trustee": nobody, "proxy": nobody, "designated agent": nobody, "operations": nobody,
}

// fillers are words that a role may carry without changing it.
var fillers = map[string]bool{"contact": true, "contacts": true, "c": true, "information": true, "info": true, "details": true, "person": true, "data": true, "the": true, "of": true, "and": true, "s": true, "for": true, "section": true, "ac": true, "tc": true, "t1": true, "a1": true, "role": true, "agent": true}

// buildKeys maps each key to its field.
func buildKeys(lists map[field]string) map[string]field {
	out := make(map[string]field)
	for f, list := range lists {
		for k := range strings.SplitSeq(list, "|") {
			out[strings.TrimSpace(k)] = f
		}
	}
	return out
}

// keySet returns the keys between bars as a set.
func keySet(list string) map[string]bool {
	out := make(map[string]bool)
	for k := range strings.SplitSeq(list, "|") {
		out[strings.TrimSpace(k)] = true
	}
	return out
}

// lookUp returns the meaning of a key in normal form, with its accents or
// without: the vocabulary has "Ultima Actualización" of .ve without.
func lookUp(key string) (term, bool) {
	if t, ok := lookUpAsIs(key); ok {
		return t, true
	}
	if bare := withoutAccents(key); bare != key {
		return lookUpAsIs(bare)
	}
	return term{}, false
}

// withoutAccents drops the combining marks of a key's letters.
func withoutAccents(key string) string {
	if text.IsASCII(key) {
		return key
	}
	return norm.NFC.String(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(key)))
}

// lookUpAsIs looks a key up, and again without a number at its end ("ns1",
// "address 2").
func lookUpAsIs(key string) (term, bool) {
	if t, ok := exact(key); ok {
		return t, true
	}
	bare := strings.TrimRightFunc(key, func(r rune) bool { return unicode.IsDigit(r) || r == ' ' }) // "ns1", "address 2"
	if bare != key && bare != "" {
		if t, ok := exact(bare); ok {
			return t, true
		}
	}
	if i := strings.IndexFunc(key, unicode.IsDigit); i > 0 && i < len(bare) { // "ns1 hostname"
		return exact(strings.Join(strings.Fields(strings.Map(withoutDigit, key)), " "))
	}
	return term{}, false
}

// withoutDigit removes digits, as a function for strings.Map.
func withoutDigit(r rune) rune {
	if unicode.IsDigit(r) {
		return -1
	}
	return r
}

// exact looks a key up without any change. Domain keys come first.
func exact(key string) (term, bool) {
	if f, ok := domainKeys[key]; ok {
		return term{field: f, weak: weakDates[key] || weakRegistrars[key]}, true
	}
	if f, ok := contactKeys[key]; ok {
		return term{field: f}, true
	}
	return roleKey(key)
}

// roleKey reads a key that names a contact: "registrant", "admin contact
// technical contact", "registrant name", "registry tech id".
func roleKey(key string) (term, bool) {
	var who roles
	for rest := key; ; {
		r, tail := takeRole(rest)
		if r == 0 {
			if who == 0 {
				return term{}, false
			}
			f, ok := contactKeys[rest]
			if !ok {
				f, ok = contactKeys[strings.TrimRight(rest, "0123456789 ")]
			}
			return term{field: f, roles: who}, ok
		}
		who |= r
		if _, isAttr := contactKeys[tail]; isAttr && tail != "c" {
			return term{field: contactKeys[tail], roles: who}, true
		}
		if rest = dropFillers(tail); rest == "" {
			return term{field: fContact, roles: who}, true
		}
	}
}

// maxRoleWords is the length of "organization or person using domain name"
// (.kz).
const maxRoleWords = 6

// takeRole takes the longest role off the front of s.
func takeRole(s string) (roles, string) {
	end := len(s)
	cuts := make([]int, 0, maxRoleWords)
	for i := 0; i < len(s) && len(cuts) < maxRoleWords; i++ {
		if s[i] == ' ' {
			cuts = append(cuts, i)
		}
	}
	if len(cuts) < maxRoleWords {
		cuts = append(cuts, end)
	}
	for i := len(cuts) - 1; i >= 0; i-- {
		if r := roleWords[s[:cuts[i]]]; r != 0 {
			return r, strings.TrimSpace(s[cuts[i]:])
		}
	}
	return 0, s
}

// dropFillers removes words at the start of a key that do not change its
// meaning.
func dropFillers(s string) string {
	for s != "" {
		word, rest, _ := strings.Cut(s, " ")
		if !fillers[word] {
			return s
		}
		if _, isAttr := contactKeys[s]; isAttr && word != "c" && word != "person" {
			return s
		}
		s = rest
	}
	return s
}

// known reports whether the vocabulary has a key.
func known(key string) bool { _, ok := lookUp(key); return ok }

// isDateKey reports whether key announces one of the domain's dates.
func isDateKey(key string) bool {
	t, ok := domainKeys[key]
	return ok && (t == fCreated || t == fUpdated || t == fExpires)
}

// meaning is lookUp for the key of a line. It also tries the key without the
// words in parentheses or on one side of a slash: "Data de registo / Creation
// Date".
func (l *line) meaning() (term, bool) {
	if l.key == "" {
		return term{}, false
	}
	if t, ok := lookUp(l.key); ok {
		return t, true
	}
	raw := l.raw
	if i := strings.IndexAny(raw, "(（"); i > 0 {
		raw = raw[:i]
		if t, ok := lookUp(normalKey(raw)); ok {
			return t, true
		}
	}
	if strings.ContainsRune(raw, '/') {
		for part := range strings.SplitSeq(raw, "/") {
			if t, ok := lookUp(normalKey(part)); ok {
				return t, true
			}
		}
	}
	return term{}, false
}
