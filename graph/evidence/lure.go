package evidence

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// lures are the offers and pretexts of spam, each with the stems of words that
// name it, in the languages that most spam is written in, without accents. Two
// offers of one crew can have everything else in common. A stem stands under
// one lure only. Words of several lures (account, verify, order, free) are left
// out, and so are names of brands, which change every year.
var lures = map[string]string{
	"dating": `dating singles flirt sexy girls girlfriend ukrain lonely naked nude hookup horny soulmate porn webcam xxx milf lesbian
		frauen madchen verfuhr einsam nackt partnersuche meisjes vrouwen eenzaam ontmoet meiden sletje schoonhe
		rencontr celibat coquine femmes filles solteras solteros mujeres chicas mulheres solteiras garotas donne ragazze incontri kobiet randk`,
	"pharmacy": `viagra cialis levitra pharmac prescri pills medication erectile erection impoten penis potenz apotheke rezeptfrei ordonnance
		aphrodisia apotheek pillen pastillas farmac pillole enlarge tablets herbal lekarst apteka`,
	"diet":           `weight keto slimming gummies abnehm diat diet maigrir minceur afvallen adelgaz emagrec dimagr fatburn obesity schlank`,
	"gambling":       `casino jackpot freespin spins betting roulette poker freispiel spielautomat apuestas apostas gokken gokkast blackjack kasyno`,
	"cryptocurrency": `bitcoin crypto wallet token airdrop blockchain staking ethereum defi ledger kryptowahr cryptomon criptomon portefeuille hodl nfts usdt`,
	"prize": `congratul winner reward prize giveaway giftcard voucher sweepstake survey gewinn gutschein gluckwunsch umfrage verlosung pramie belohnung
		gagn felicit recompense sondage cadeau gewonnen prijs winnaar enquete gefeliciteerd winnen ganador premio encuesta regalo sorteo
		parabens vencedor sorteio vinto vincit sondaggio nagrod wygra loterie loterij lottery loteria lotteria`,
	"parcel": `parcel package shipment shipping courier customs paket sendung lieferung zustell pakket bezorg zending aflevering douane
		colis livraison expedition paquete envio entrega aduana encomenda rastreio alfandega pacco spedizione consegna dogana przesylk paczk`,
	"bank":      `bank banco banque sparkasse banca banka`,
	"points":    `pontos puntos milhas resgat praemienpunkt`,
	"loan":      `loan mortgage refinanc debt creditscore kredit darlehen schulden emprunt lening hypothe prestamo emprestimo prestito rachat lender pozyczk`,
	"insurance": `insurance versicherung assurance verzekering seguro assicurazione medicare warranty`,
	"antivirus": `antivirus malware virenschutz firewall virusscan`,
	"storage":   `storage icloud speicher stockage opslag almacenamiento armazenamento`,
	"job":       `hiring vacanc salary recruit stellenangebot bewerb emploi vacature empleo emprego lavoro employment homebased`,
	"mailbox":   `mailbox webmail quota postfach kennwort passwor wachtwoord contrasena senha casella messagerie`,
	"advance fee": `inherit beneficiar deceased barrister diplomat erbschaft heritage herencia heranca consignment compensation
		donation philanthrop`,
	"invoice":    `invoice rechnung facture factuur factura fatura fattura boleto overdue remittance`,
	"tax":        `taxes refund penalty steuer impot belasting impuesto imposto multa`,
	"investment": `trading invest profit forex stocks dividend broker borse anlage`,
	"replica":    `watches rolex replica handbag sunglasses`,
	"health": `screening nerve neuropath tinnitus hearing prostat diabet sugar fungus nagelpilz wrinkle arthr gelenk schmerz douleur dolor joint
		vision blood collagen`,
	"energy":       `solar electri strom energi energy photovolta zonnepane`,
	"records":      `peoplefind peoplesearch background criminal arrest`,
	"subscription": `subscri abonn suscripc assinatura streaming mitglied renew verlenger`,
	"fortune":      `psychic tarot horoscop astrol wahrsag voyance clairvoy hellseh`,
	"household":    `gutter roofing bathroom mattress matratze pillow kissen bedding cookware`,
	"travel":       `flight hotel vacation cruise urlaub reise vuelo viagem passagens aereas`,
	"degree":       `diploma degree bachelor`,
	"software":     `software windows adobe photoshop`,
	"marketing":    `marketing advertis backlink seo ranking leads bulkmail`,
}

// lureOf finds the lure of a stem; minStem and maxStem are the lengths of stems
// in bytes.
var lureOf, minStem, maxStem = func() (map[string]string, int, int) {
	out, least, most := make(map[string]string), 1<<10, 0
	for lure, stems := range lures {
		for stem := range strings.FieldsSeq(stems) {
			out[stem] = lure
			least, most = min(least, len(stem)), max(most, len(stem))
		}
	}
	return out, least, most
}()

// Lures lists the values of kinds Lure and LureText.
func Lures() []string {
	out := make([]string, 0, len(lures))
	for l := range lures {
		out = append(out, l)
	}
	slices.Sort(out)
	return out
}

// lure adds the lures that the words of the subject, the From name and the text
// name, each by itself. One alone is not sure, because words have other
// meanings.
func (c *collector) lure(m *Message) {
	c.put(Lure, luring(m.SubjectKey))
	c.put(LureName, luring(m.FromName))
	c.put(LureText, luring(m.Words...))
}

// luring returns the lure that most words name; "" if another is named by half
// as many, or none.
func luring(texts ...string) string {
	votes := make(map[string]int)
	for _, t := range texts {
		for w := range strings.FieldsFuncSeq(plain(t), func(r rune) bool { return !unicode.IsLetter(r) }) {
			for n := min(len(w), maxStem); n >= minStem; n-- {
				if l, ok := lureOf[w[:n]]; ok {
					votes[l]++
					break
				}
			}
		}
	}
	best, most, second := "", 0, 0
	for l, n := range votes {
		if n > most {
			best, n, most = l, most, n
		}
		second = max(second, n)
	}
	if most <= 2*second && second > 0 {
		return ""
	}
	return best
}

// plain writes letters without case, accents and styles.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(s))
}
