package evidence

// wholeWord ends a stem of the lexicon that is a word of its own: "eth." is not
// the beginning of "ethics".
const wholeWord = "."

// lexicon lists the offers and pretexts of spam, each with the stems of words
// that name it, without accents, in the languages that most spam is written in.
// Two offers of one crew can have everything else in common. A stem stands under
// one lure only. Words of several lures (account, verify, order, free) are left
// out, and so are names of brands, which change every year.
var lexicon = map[string]string{
	"dating": `dating singles flirt sexy girls girlfriend ukrain lonely naked nude hookup horny soulmate porn webcam xxx milf lesbian escort
		frauen madchen verfuhr einsam nackt partnersuche liebhaber bekanntschaft seitensprung
		meisjes vrouwen eenzaam ontmoet meiden sletje schoonhe knuffel vrijgezel
		rencontr celibat coquine femmes filles amoureu
		solteras solteros mujeres chicas mulheres solteiras garotas namoro encontros citas. 
		donne. ragazze incontri kobiet randk samotn devushk знакомств девушк секс интим одинок`,
	"pharmacy": `viagra cialis levitra sildenafil tadalafil pharmac prescri pills medication medicin medikament medicament erectile erection erektion
		impoten potenz penis libido testosteron enlarge tablets tablett herbal manhood
		apotheke rezeptfrei ordonnance aphrodisia apotheek pillen pilules pastillas comprimid farmac pillole lekarst apteka tabletki
		виагр сиалис таблет аптек потенц лекарств`,
	"diet": `weight keto slimming gummies abnehm diat diet. diets dieta maigrir minceur afvallen adelgaz emagrec dimagr fatburn obesity obesid schlank
		bellyfat pounds. lbs. kilos. metabol appetit odchudz peso. похуд`,
	"health": `screening nerve neuropath tinnitus hearing prostat diabet sugar fungus nagelpilz arthr gelenk schmerz douleur dolor joint
		vision blood. bloodsug cholest collagen memory alzheimer insomni schlaf snoring sleep apnea bladder thyroid vitamin supplement
		gesundheit sante. salud. saude. salute. gezondheid zdrowi orthop kniebandage knee. backpain ruckenschmerz диабет сустав здоров`,
	"beauty": `wrinkle falten rides. arrugas rugas rughe skin. skincare haut. hautpflege peau. piel. pele. pelle. huid. aging antiaging
		beauty botox haare. haarausfall hair. hairloss bald. baldness cheveux cabello cabelo capelli cosmetic kosmetik makeup perfume parfum
		teeth tooth dental zahn морщин кож`,
	"gambling": `casino jackpot freespin spins betting roulette poker freispiel spielautomat slots apuestas apostas gokken gokkast blackjack kasyno
		cassino kasino spielhalle willkommensbonus welkomstbonus welcomebonus bookmaker wager sportwett wettanbieter sportif tragamoneda
		казино ставк рулетк джекпот слот`,
	"cryptocurrency": `bitcoin btc. crypto wallet token airdrop blockchain staking stake. staked ethereum eth. ether. defi. ledger kryptowahr
		cryptomon criptomon portefeuille hodl nft. nfts mint. minting usdt usdc. xrp. bnb. altcoin stablecoin coin. coins. seedphrase dapp web3
		krypto cripto биткоин крипто кошелек`,
	"prize": `congratul winner reward prize giveaway giftcard gift. gifts. voucher sweepstake survey raffle lottery
		gewinn gutschein gluckwunsch umfrage verlosung pramie belohnung geschenk
		gagn felicit recompense sondage cadeau tirage loterie bondachat
		gewonnen prijs winnaar enquete gefeliciteerd winnen beloning cadeaubon loterij
		ganador premio encuesta regalo sorteo felicidades ganado sorpresa
		parabens vencedor sorteio brinde ganhou loteria lotteria vinto vincit sondaggio nagrod wygra konkurs приз. выигр лотере подарок розыгрыш`,
	"parcel": `parcel package shipment shipping courier customs undelivered
		paket sendung lieferung zustell zoll. versand pakket bezorg zending aflevering douane verzend
		colis livraison expedition paquete envio entrega aduana encomenda rastreio alfandega correios pacco spedizione consegna dogana
		przesylk paczk dostaw посылк доставк таможн`,
	"bank": `bank. banks banking banco. bancos bancari bancaire banque sparkasse banca. banche banka. onlinebank creditcard debitcard kreditkarte
		tarjeta cartao cartoes pix. iban банк карт`,
	"points":    `pontos puntos milhas millas resgat praemienpunkt cashback points. loyalty fidelidad fidelidade`,
	"loan":      `loan mortgage refinanc debt kredit darlehen schulden emprunt lening hypothe prestamo emprestimo prestito rachat lender pozyczk кредит заим ипотек`,
	"credit":    `creditscore creditreport score scores bureau. schufa serasa`,
	"insurance": `insurance insured versicherung assurance verzekering seguro seguros assicurazione medicare warranty coverage autoversicher mutuelle ubezpiecz страхов`,
	"antivirus": `antivirus malware virenschutz firewall virusscan virus. viruses trojan infected infiziert geratesch`,
	"storage":   `storage icloud cloud. clouds speicher stockage opslag almacenamiento armazenamento nuvem nube. archiviazione хранилищ`,
	"job": `hiring vacanc salary recruit stellenangebot bewerb emploi vacature empleo emprego lavoro employment homebased jobs. job. career
		karriere arbeit. heimarbeit curriculum resume. praca. ваканс работ зарплат`,
	"mailbox": `mailbox webmail quota postfach kennwort passwor passwd wachtwoord contrasena senha casella messagerie inbox. mailserver undeliver
		mailadmin emailadmin почтов пароль`,
	"extortion":   `masturbat pervert recorded hacked hacker blackmail kompromit spyware chantag erpress videoaufnahm взлом`,
	"advance fee": `inherit beneficiar deceased barrister diplomat erbschaft heritage herencia heranca consignment compensation donation philanthrop widow orphan millionaire nextofkin наследств`,
	"invoice":     `invoice rechnung facture factuur factura fatura fattura boleto overdue remittance receipt payable mahnung inkasso faktur счет оплат`,
	"document":    `esign signature unterschrift voicemail fax. faxed scanned sharepoint dokument document. documents. documento podpis документ`,
	"tax":         `taxes taxe. refund penalty steuer impot belasting impuesto imposto multa erario tributo tributari irpf cpf. skarb налог штраф`,
	"traffic":     `cnh. detran habilitac fuhrerschein permis. driving driverslicen toll. tolls tollway peage peaje pedagio maut. bussgeld amende fines speeding`,
	"court": `court. lawsuit subpoena attorney lawyer anwalt gericht tribunal juzgado judicial judiciair citacion demanda processo intimac avvocato
		convocat суд. иск.`,
	"investment":   `trading invest profit forex stocks stock. shares dividend broker borse anleger geldanlage ticker otc. etf. portfolio penny акци инвест прибыл`,
	"replica":      `watches rolex replica handbag sunglasses uhren. montre reloj orologi  designer часы`,
	"energy":       `solar electri strom. stromk stromre energi energy photovolta zonnepane panneaux heizung heater thermostat powersav elektrici elektrycz солнечн`,
	"records":      `peoplefind peoplesearch background criminal arrest mugshot publicrecord`,
	"subscription": `subscri abonn suscripc assinatura streaming mitglied renew verlenger membership lidmaatschap abbonament odnow подписк`,
	"fortune":      `psychic tarot horoscop astrol wahrsag voyance clairvoy hellseh zodiac prophe гадан гороскоп`,
	"household":    `gutter roofing roof. bathroom shower. bath. mattress matratze pillow kissen bedding cookware walkin remodel fenster kitchen kuche staubsaug vacuum reinigung cleaner mop. plumb furniture mobel ремонт окна`,
	"gadgets": `gadget drone projector beamer camera kamera headphone kopfhorer earbuds smartwatch flashlight taschenlampe lampe lantern knife messer. knives
		bohrer drill generator klimaanlage klimager ventilator cooler ladegerat charger akku. wifi wlan booster fireplace translator
		werkzeug toolset outil herramient ferrament canvas leinwand`,
	"travel":    `flight hotel vacation cruise urlaub reise. reisen vuelo viagem viagens viaje passagens aereas voyage vacances vakantie vacanza holiday timeshare путеше отпуск`,
	"vehicle":   `auto. autos cars. car. vehicle fahrzeug voiture coche. carro. carros automob dashcam tires reifen`,
	"degree":    `diploma degree bachelor university universit curso. cursos kurs. formation seminar webinar training. обучен курс`,
	"software":  `software adobe photoshop licensekey lizenz torrent`,
	"marketing": `marketing advertis backlink seo. ranking leads bulkmail webdesign traffic. реклам рассыл продвиж`,
	"office":    `toner inkjet cartridge printer drucker stationery copier картридж`,
	"funeral":   `funeral burial cremat obseques bestattung sterbegeld funerar`,
	"pets":      `dogs. dog. puppy puppies hund. hunde. chien cats. kitten haustier veterinar petfood`,
	"weapons":   `ammo ammunition gun. guns firearm concealed holster tactical survival bugout militar`,
}
