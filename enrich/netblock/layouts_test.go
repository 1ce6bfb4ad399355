package netblock

// layouts are invented answers in the layout of every registry of addresses that we know.
var layouts = []struct {
	name, addr, server, text string
	want                     string // prefixes | name | owner | country | registry | abuse | refers
}{
	{"RIPE, organisation and abuse note", "192.0.2.77", "whois.ripe.net", `% This is the RIPE Database query service.
% The objects are in RPSL format.

% Information related to '192.0.2.0 - 192.0.2.127'

% Abuse contact for '192.0.2.0 - 192.0.2.127' is 'abuse@holder.example'

inetnum:        192.0.2.0 - 192.0.2.127
netname:        HOLDER-NET
descr:          A pool of customers
country:        NL # main office
country:        DE
org:            ORG-HO1-RIPE
admin-c:        AA1-RIPE
status:         ASSIGNED PA
mnt-by:         HOLDER-MNT
created:        2005-01-02T03:04:05Z
last-modified:  2006-01-02T03:04:05Z
source:         RIPE # Filtered

organisation:   ORG-XX1-RIPE
org-name:       Somebody Else
source:         RIPE

organisation:   ORG-HO1-RIPE
org-name:       Holder B.V.
org-type:       LIR
country:        BE
source:         RIPE

route:          192.0.2.0/24
descr:          a route is no holder
origin:         AS64500
source:         RIPE
`, "192.0.2.0/25|HOLDER-NET|Holder B.V.|NL|ripe|abuse@holder.example|"},
	{"RIPE, IPv6, description over two lines, odd range", "2001:db8:1::5", "", `inet6num:       2001:0db8:0001::/48
netname:        V6-NET
descr:          ----------
                Customer  of
+               a provider
country:        GB
status:         ASSIGNED
mnt-irt:        irt-EXAMPLE
source:         RIPE

irt:            irt-EXAMPLE
e-mail:         cert@holder.example
`, "2001:db8:1::/48|V6-NET|Customer of|GB|ripe|cert@holder.example|"},
	{"RIPE of before 2004: changed, no source comment", "192.0.2.1", "whois.ripe.net", `inetnum:      192.0.2.0 - 192.0.2.6
netname:      OLD-NET
descr:        Old Company Ltd
country:      GB
remarks:      spam and abuse: Abuse@OLD.example please
changed:      hostmaster@old.example 19990101
changed:      hostmaster@old.example 20010203
source:       RIPE
`, "192.0.2.0/30,192.0.2.4/31,192.0.2.6/32|OLD-NET|Old Company Ltd|GB|ripe|Abuse@old.example|"},
	{"APNIC, copy of a national registry's record inside its block", "203.0.113.200", "whois.apnic.net", `% [whois.apnic.net]

% Information related to '203.0.113.0 - 203.0.113.255'

inetnum:        203.0.113.0 - 203.0.113.255
netname:        JPNIC-NET-JP
descr:          Japan Network Information Center
country:        JP
mnt-irt:        IRT-JPNIC-JP
source:         APNIC

irt:            IRT-JPNIC-JP
abuse-mailbox:  hostmaster@jpnic.example

% Information related to '203.0.113.192 - 203.0.113.223'

inetnum:        203.0.113.192 - 203.0.113.223
netname:        KAISHA
descr:          Kaisha Example K.K.
country:        JP
remarks:        This information has been partially mirrored by APNIC from
remarks:        JPNIC. To obtain more specific information, please use the
remarks:        JPNIC WHOIS Gateway at
remarks:        http://www.nic.ad.jp/en/db/whois/en-gateway.html or
remarks:        whois.nic.ad.jp for WHOIS client. (The WHOIS client
source:         JPNIC
`, "203.0.113.192/27|KAISHA|Kaisha Example K.K.|JP|jpnic||whois.nic.ad.jp"},
	{"APNIC, only the national registry's block", "203.0.113.1", "whois.apnic.net", `inetnum:        203.0.113.0 - 203.0.113.255
netname:        KRNIC-KR
descr:          Korea Internet & Security Agency
country:        KR
source:         APNIC
`, "203.0.113.0/24|KRNIC-KR|Korea Internet & Security Agency|KR|apnic||whois.kisa.or.kr"},
	{"ARIN, the customer's net in the provider's", "198.51.100.20", "whois.arin.net", `#
# ARIN WHOIS data and services are subject to the Terms of Use
#

# start

NetRange:       198.51.100.0 - 198.51.100.255
CIDR:           198.51.100.0/24
NetName:        PROVIDER-1
NetHandle:      NET-198-51-100-0-1
Parent:         NET198 (NET-198-0-0-0-0)
NetType:        Direct Allocation
Organization:   Provider, Inc. (PROVI-1)
RegDate:        2001-02-03
Updated:        2012-03-02
Ref:            https://rdap.arin.net/registry/ip/198.51.100.0

OrgName:        Provider, Inc.
OrgId:          PROVI-1
Country:        CA
ReferralServer: rwhois://rwhois.provider.example:4321

OrgAbuseEmail:  abuse@provider.example

# end

# start

NetRange:       198.51.100.16 - 198.51.100.31
CIDR:           198.51.100.16/28
NetName:        PROVIDER-1-CUST
NetHandle:      NET-198-51-100-16-1
Parent:         PROVIDER-1 (NET-198-51-100-0-1)
NetType:        Reassigned
Customer:       Small Shop (C01234567)
RegDate:        2010-02-03

CustName:       Small Shop
Address:        Private Residence
Country:        US
RegDate:        2010-02-03

OrgAbuseEmail:  abuse@provider.example

# end
`, "198.51.100.16/28|PROVIDER-1-CUST|Small Shop|US|arin|abuse@provider.example|"},
	{"ARIN of 2005: the organisation first, two ranges of prefixes", "198.51.100.130", "", `
OrgName:    Example Networks
OrgID:      EXNE
Address:    1 Main Street
City:       Springfield
StateProv:  IL
Country:    US

ReferralServer: rwhois://rwhois.exne.example

NetRange:   198.51.100.0 - 198.51.100.191
CIDR:       198.51.100.0/25, 198.51.100.128/26
NetName:    EXNE-BLK
NetHandle:  NET-198-51-100-0-1
NetType:    Direct Allocation
Comment:    ADDRESSES WITHIN THIS BLOCK ARE NON-PORTABLE
RegDate:    2001-05-06
Updated:    2004-05-06

RAbuseHandle: AB1-ARIN
RAbuseEmail:  net-abuse@exne.example
OrgAbuseEmail:  abuse@exne.example
`, "198.51.100.0/25,198.51.100.128/26|EXNE-BLK|Example Networks|US|arin|net-abuse@exne.example|"},
	{"ARIN, the short list", "198.51.100.20", "whois.arin.net", `
#
# The following results may also be obtained via:
#

Provider, Inc. PROVIDER-1 (NET-198-51-100-0-1) 198.51.100.0 - 198.51.100.255
Small Shop (of Ohio) PROVIDER-1-CUST (NET-198-51-100-16-1) 198.51.100.16 - 198.51.100.31
`, "198.51.100.16/28|PROVIDER-1-CUST|Small Shop (of Ohio)||arin||"},
	{"ARIN, the short list of 2006", "198.51.100.20", "whois.arin.net", `Provider, Inc. PROVIDER-1 (NET-198-51-100-0-1)
                                  198.51.100.0 - 198.51.100.255
Small Shop PROVIDER-1-CUST (NET-198-51-100-16-1)
                                  198.51.100.16 - 198.51.100.31

# ARIN WHOIS database, last updated 2006-01-04 19:10
`, "198.51.100.16/28|PROVIDER-1-CUST|Small Shop||arin||"},
	{"LACNIC, zeros left out", "203.0.113.9", "whois.lacnic.net", `
% Joint Whois - whois.lacnic.net
% LACNIC resource: whois.lacnic.net

inetnum:     203.0.113/24
status:      reallocated
aut-num:     N/A
owner:       Empresa Ejemplo S.A.
ownerid:     CO-EESA-LACNIC
responsible: Juana Perez
country:     CO
abuse-c:     JUP
created:     20131029
changed:     20141029
inetnum-up:  203.0/16

nic-hdl:     JUP
person:      Juana Perez
e-mail:      juana@EJEMPLO.example
country:     CO
`, "203.0.113.0/24|Empresa Ejemplo S.A.|Empresa Ejemplo S.A.|CO|lacnic|juana@ejemplo.example|"},
	{"NIC.br, Latin-1", "203.0.113.9", "", "% Copyright (c) Nic.br\n%  The use of the data below is only permitted as described in\n%  full by the terms of use at https://registro.br/termo/en.html\n\n" +
		"inetnum:     203.0.113.0/25\naut-num:     AS64500\nabuse-c:     ABC12\nowner:       Associa\xe7\xe3o Exemplo\nownerid:     00.000.000/0001-00\nresponsible: Jo\xe3o\ncountry:     BR\nowner-c:     ABC12\ninetrev:     203.0.113.0/25\nnserver:     ns.exemplo.example\ncreated:     20010102\nchanged:     20050102\n\n" +
		"nic-hdl-br:  ABC12\nperson:      Jo\xe3o\ne-mail:      abuso@exemplo.example\ncreated:     20010102\n",
		"203.0.113.0/25|Associação Exemplo|Associação Exemplo|BR|nicbr|abuso@exemplo.example|"},
	{"AFRINIC, note that there is none", "192.0.2.200", "whois.afrinic.net", `% This is the AfriNIC Whois server.

% Information related to '192.0.2.0 - 192.0.2.255'

% No abuse contact registered for 192.0.2.0 - 192.0.2.255

inetnum:        192.0.2.0 - 192.0.2.255
netname:        Example
descr:          Example Kenya
country:        KE
org:            ORG-EK1-AFRINIC
status:         ASSIGNED PI
source:         AFRINIC # Filtered
parent:         192.0.0.0 - 192.255.255.255

organisation:   ORG-EK1-AFRINIC
org-name:       Example Kenya Limited
country:        KE
source:         AFRINIC # Filtered
`, "192.0.2.0/24|Example|Example Kenya Limited|KE|afrinic||"},
	{"JPNIC, Japanese in ISO-2022-JP", "203.0.113.30", "whois.nic.ad.jp", "[ JPNIC database provides information regarding IP address and ASN. ]\n\n" +
		"Network Information:\na. [IP\x1b$B%M%C%H%o!<%/%\"%I%l%9\x1b(B]     203.0.113.0/24\nb. [\x1b$B%M%C%H%o!<%/L>\x1b(B]             REI-NET\n" +
		"f. [\x1b$BAH?%L>\x1b(B]                     \x1b$B3t<02q<R\x1b(B\ng. [Organization]               Rei K.K.\n[\x1b$B:G=*99?7\x1b(B]                      2005/01/14 11:50:03(JST)\n\nLess Specific Info.\n----------\nNo match!!\n",
		"203.0.113.0/24|REI-NET|Rei K.K.|JP|jpnic||"},
	{"JPNIC, a range, more specific entries without details", "203.0.113.30", "whois.nic.ad.jp:43", `
Network Information:
a. [Network Number]             203.0.113.0-203.0.113.127
b. [Network Name]               REI-NET
g. [Organization]               Rei K.K.
m. [Administrative Contact]     XX00000JP
[Assigned Date]                 2003/01/02
[Return Date]
[Last Update]                   2015/01/14 11:50:03(JST)

Less Specific Info.
----------
Rei Holdings
                     [Allocation]                              203.0.113.0/24

More Specific Info.
----------
No match!!
`, "203.0.113.0/25|REI-NET|Rei K.K.|JP|jpnic||"},
	{"KRNIC, both languages", "203.0.113.70", "whois.kisa.or.kr", `query : 203.0.113.70


# KOREAN(UTF8)

조회하신 IPv4주소에 대한 위임 및 할당 정보는 다음과 같습니다.

[ 네트워크 할당 정보 ]
IPv4주소           : 203.0.113.0 - 203.0.113.255 (/24)
기관명             : 주식회사 보기
서비스명           : BOGI
등록일자           : 20080703

이름               : IP주소 담당자
전자우편           : ip@bogi.example

[ 네트워크 할당 정보 ]
IPv4주소           : 203.0.113.64 - 203.0.113.127 (/26)
기관명             : (주)손님
네트워크 구분      : CUSTOMER
할당내역 등록일    : 20150317

# ENGLISH

KRNIC is not an ISP but a National Internet Registry similar to APNIC.

[ Network Information ]
IPv4 Address       : 203.0.113.0 - 203.0.113.255 (/24)
Organization Name  : Bogi Inc.
Service Name       : BOGI
Registration Date  : 20080703

Name               : IP Manager
E-Mail             : ip@bogi.example

More specific assignment information is as follows.

[ Network Information ]
IPv4 Address       : 203.0.113.64 - 203.0.113.127 (/26)
Organization Name  : Sonnim Ltd
Network Type       : CUSTOMER
Registration Date  : 20150317

Name               : IP Manager
E-Mail             : noc@bogi.example

- KISA/KRNIC WHOIS Service -
`, "203.0.113.64/26||Sonnim Ltd|KR|krnic|noc@bogi.example|"},
	{"KRNIC of 2002", "203.0.113.70", "whois.nic.or.kr", `# ENGLISH

KRNIC is not ISP but National Internet Registry similar with APNIC.

IP Address         : 203.0.113.0-203.0.113.255
Network Name       : BOGI-NET
Connect ISP Name   : BOGI
Connect Date       : 20011212
Registration Date  : 20020306

[ Organization Information ]
Organization ID    : ORG1600
Org Name           : Bogi Telecom
State              : SEOUL

[ Technical Contact Information]
Name               : Gildong Hong
Org Name           : Bogi Telecom
E-Mail             : abuse@bogi.example
`, "203.0.113.0/24|BOGI-NET|Bogi Telecom|KR|krnic|abuse@bogi.example|"},
	{"TWNIC, indented", "203.0.113.70", "whois.twnic.net.tw", `   Netname: SHILI-NET
   Netblock: 203.0.113.0/24

   Administrator contact:
      admin@shili.example

   Technical contact:
      abuse@shili.example

`, "203.0.113.0/24|SHILI-NET|||twnic|abuse@shili.example|"},
	{"rwhois, the provider's block first", "198.51.100.20", "rwhois.provider.example:4321", `%rwhois V-1.5:003fff:00 rwhois.provider.example (by Network Solutions, Inc. V-1.5.9.5)
network:Class-Name:network
network:ID:NETBLK-PROV.198.51.100.0/24
network:Auth-Area:198.51.100.0/24
network:IP-Network:198.51.100.0/24
network:Organization;I:Provider, Inc.

network:Class-Name:network
network:Auth-Area:198.51.100.0/24
network:ID;I:NETBLK-PROV.198.51.100.16/29
network:Network-Name:CUST-7
network:IP-Network:198.51.100.16/29
network:IP-Network-Block:198.51.100.16 - 198.51.100.23
network:Org-Name:Mail Shop LLC
network:Street-Address:1 Main Street
network:Country-Code:us
network:Tech-Contact;I:noc@provider.example
network:Abuse-Contact;I:abuse@provider.example
network:Created:20040101
network:Updated:20050101123456
%ok
`, "198.51.100.16/29|CUST-7|Mail Shop LLC|US|rwhois|abuse@provider.example|"},
	{"rwhois, records without an empty line between", "198.51.100.20", "rwhois.provider.example:4321", `%rwhois V-1.5:003fff:00 rwhois.provider.example
network:Auth-Area:198.51.100.0/24
network:Class-Name:network
network:IP-Network:198.51.100.16/28
network:Organization:Sixteen
network:Auth-Area:198.51.100.0/24
network:Class-Name:network
network:IP-Network:198.51.100.20/32
network:Organization:One Address
%ok
`, "198.51.100.20/32||One Address||rwhois||"},
	{"RIPE's provider with a server of its own", "192.0.2.1", "whois.ripe.net", `inetnum:        192.0.2.0 - 192.0.2.255
netname:        P-NET
descr:          Provider
country:        FR
remarks:        details: rwhois://rwhois.p.example:4321/
source:         RIPE
`, "192.0.2.0/24|P-NET|Provider|FR|ripe||rwhois.p.example:4321"},
	{"an unknown registry in RPSL", "192.0.2.1", "whois.registry.example", `inetnum:   192.0.2.0/24
netname:   SOME
organization: Some Org
country:   Germany
source:    EXAMPLEDB
`, "192.0.2.0/24|SOME|Some Org|DE|exampledb||"},
	{"carriage returns and a byte order mark", "192.0.2.1", "", "\xef\xbb\xbfinetnum:   192.0.2.0 - 192.0.2.255\r\nnetname:   SOME\r\ndescr:     Some\r\n Org\r\ncountry:   de\r\nsource:    RIPE\r\n", "192.0.2.0/24|SOME|Some|DE|ripe||"},
}

// placeholders are entries that name no holder, and where they refer.
var placeholders = []struct{ name, addr, text, refers string }{
	{"RIPE, not managed", "192.0.2.1", `inetnum:        192.0.0.0 - 192.87.255.255
netname:        NON-RIPE-NCC-MANAGED-ADDRESS-BLOCK
descr:          IPv4 address block not managed by the RIPE NCC
remarks:        For registration information, you can consult the following sources:
remarks:        AFRINIC (Africa)  http://www.afrinic.net/ whois.afrinic.net
remarks:        APNIC (Asia Pacific) http://www.apnic.net/ whois.apnic.net
remarks:        ARIN (Northern America) http://www.arin.net/ whois.arin.net
country:        EU # Country is really world wide
source:         RIPE
`, ""},
	{"the whole space", "192.0.2.1", "inetnum:  0.0.0.0 - 255.255.255.255\nnetname:  IANA-BLK\ndescr:  The whole IPv4 address space\ncountry:  EU\nsource:  RIPE\n", ""},
	{"the whole space, unnamed", "192.0.2.1", "inetnum:  0.0.0.0 - 255.255.255.255\nnetname:  ALL\ndescr:  A registry\nsource:  X\n", ""},
	{"all of a region's IPv6", "2001:db8::1", "inet6num:  2000::/12\nnetname:  EU-ZZ-2000\ndescr:  RIPE NCC\nsource:  RIPE\n", ""},
	{"APNIC, early registrations", "192.0.2.1", "inetnum:  192.0.0.0 - 192.255.255.255\nnetname:  ERX-NETBLOCK\ndescr:  Early registration addresses\nremarks:  please search whois.arin.net\ncountry:  AU\nsource: APNIC\n", "whois.arin.net"},
	{"ARIN, transferred", "192.0.2.1", "NetRange:  192.0.2.0 - 192.0.2.255\nCIDR: 192.0.2.0/24\nNetName:  LACNIC-ERX-192-0-2-0\nNetType:  Early Registrations, Transferred to LACNIC\n\nOrgName:  Latin American and Caribbean IP address Regional Registry\nOrgId:  LACNIC\nCountry:  UY\n\nReferralServer: whois://whois.lacnic.net\n", "whois.lacnic.net"},
	{"ARIN, given to a registry", "192.0.2.1", "NetRange:  192.0.0.0 - 192.255.255.255\nNetName:  192-RIPE\nNetType:  Allocated to RIPE NCC\nOrganization: RIPE Network Coordination Centre (RIPE)\n\nOrgName:  RIPE Network Coordination Centre\nOrgId:  RIPE\nCountry:  NL\nReferralServer:  whois://whois.ripe.net:43/\nResourceLink: https://apps.db.ripe.net/search/query.html\n", "whois.ripe.net"},
	{"ARIN, reserved by IANA", "192.0.2.1", "NetRange:  192.0.2.0 - 192.0.2.255\nNetName:  TEST-NET-1\nNetType:  IANA Special Use\nOrganization: Internet Assigned Numbers Authority (IANA)\n", ""},
	{"IANA, refers", "192.0.2.1", "% IANA WHOIS server\n\nrefer:        whois.arin.net\n\ninetnum:      192.0.0.0 - 192.255.255.255\norganisation: Administered by ARIN\nstatus:       LEGACY\n\nwhois:        whois.arin.net\nchanged:      1993-05\nsource:       IANA\n", "whois.arin.net"},
	{"a referral without a newline", "192.0.2.1", "%referral rwhois://rwhois.provider.example:4321/auth-area=192.0.2.0/24", "rwhois.provider.example:4321"},
	{"only a referral", "192.0.2.1", "ReferralServer: whois://[2001:db8::43]:43", "[2001:db8::43]"},
}

// nothings are answers without a block, with their outcomes.
var nothings = []struct{ text, want string }{
	{"%ERROR:101: no entries found\n%\n% No entries found in source RIPE.\n", "none"},
	{"%ERROR:201: access denied for 192.0.2.1\n%\n% Sorry, access from your host has been temporarily denied because of a large number of queries.\n", "throttled"},
	{"%ERROR:202: access control limit reached\n", "throttled"},
	{"%ERROR:201: access denied for 192.0.2.1\n%\n% Sorry, access from your host has been permanently denied because of a repeated excessive querying.\n", "refused"},
	{"#\n# ARIN WHOIS data and services are subject to the Terms of Use\n#\n\nNo match found for n + 192.0.2.1.\n", "none"},
	{"% Terms: use at your own rate limit\n% Query rate limit exceeded\n", "throttled"},
	{"% Permission Denied.\n", "refused"},
	{"% Unallocated resource: 192.0.2.1\n", "none"},
	{"%rwhois V-1.5:003fff:00 rwhois.provider.example\n%error 230 No Objects Found\n", "none"},
	{"%rwhois V-1.5:003fff:00 rwhois.provider.example\n%error 331 Connection Limit Exceeded\n", "throttled"},
	{"%rwhois V-1.5:003fff:00 rwhois.provider.example\n%error 401 Not Authorized For Directive\n", "refused"},
	{"Network Information:\nNo match!!\n", "none"},
	{"query : 192.0.2.1\n\n# ENGLISH\n\nKRNIC is not an ISP but a National Internet Registry similar to APNIC.\n\nThis IPv4 address is not allocated.\n", "none"},
	{"", "malformed"}, {"\x00\xff\xfe\x1b[2J", "malformed"}, {"<html><body>Welcome</body></html>", "malformed"}, {"Hello there", "malformed"},
	{"inetnum:  203.0.113.0 - 203.0.113.255\nnetname: OTHER\nsource: RIPE\n", "malformed"},
	{"inetnum:  192.0.2.255 - 192.0.2.0\nnetname: TURNED\nsource: RIPE\n", "malformed"},
	{"inetnum:  192.0.2.0 - 2001:db8::\nnetname: MIXED\nsource: RIPE\n", "malformed"},
}
