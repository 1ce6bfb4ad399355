package world

// Lures in other languages, some of them beyond ASCII.
var foreignLures = []lure{
	{key: "bank-de", subjects: []string{"{Ihr|Das} [brand] Konto {wurde|ist} {eingeschränkt|gesperrt}", "{Wichtige|Dringende} {Mitteilung|Nachricht} von [brand]", "{Bestätigen|Prüfen} Sie Ihre Angaben"}, brands: true,
		sentences: []string{
			"{Wir|Unsere Systeme} haben {ungewöhnliche|verdächtige} {Aktivitäten|Zugriffe} auf Ihrem [brand] Konto {festgestellt|bemerkt}.",
			"{Bitte|Sie müssen} {bestätigen|prüfen} Sie Ihre {Daten|Angaben} {innerhalb von|binnen} [n] Stunden.",
			"{Andernfalls|Sonst} {wird|werden wir} Ihr Zugang {gesperrt|sperren|eingeschränkt}.",
			"{Der|Ein} Zugriff aus [city] wurde am [date] {blockiert|verhindert}.",
			"{Für|Zu} Ihre{r|} {Sicherheit|Geduld} danken wir, {Ihr|das} [brand] {Team|Kundendienst}.",
			"{Vorgangsnummer|Aktenzeichen}: [code]."},
		calls: []string{"Jetzt bestätigen", "Konto prüfen", "Anmelden"}, senders: []string{"[brand] Kundendienst", "[brand] Sicherheit", "[brand]"}},
	{key: "parcel-es", subjects: []string{"Su {paquete|envío} [code] {está|sigue} {retenido|pendiente}", "{Aviso|Último aviso} de [brand]", "Dirección {incompleta|incorrecta}"}, brands: true,
		sentences: []string{
			"{Su|El} {paquete|envío} [code] no {pudo|ha podido} {entregarse|ser entregado} el [date].",
			"{Queda|Está} {pendiente|sin pagar} una tasa de {aduana|gestión} de [d],[n] EUR.",
			"{Programe|Elija} una nueva {entrega|fecha} {antes de|en} [n] horas o {será|quedará} {devuelto|anulado}.",
			"{Nuestro|El} mensajero no encontró a nadie en [city].",
			"{Gracias|Un saludo} {por|de} {su confianza|parte de} [brand]."},
		calls: []string{"Pagar ahora", "Seguir el envío", "Elegir fecha"}, senders: []string{"[brand] España", "[brand]"}},
	{key: "mailbox-fr", subjects: []string{"Votre {messagerie|boîte} est {pleine|saturée}", "{Dernier|Nouvel} avertissement : {compte|mot de passe}", "[n] messages en attente"}, brands: true,
		sentences: []string{
			"{Votre|La} boîte [rcpt] a {atteint|dépassé} [n]% de {sa|la} {capacité|limite}.",
			"[n] {messages|courriels} {sont|restent} {bloqués|en attente} {depuis|à cause d'une erreur depuis} le [date].",
			"{Veuillez|Merci de} {confirmer|vérifier} votre {compte|identité} {sous|dans les} [n] heures.",
			"{Faute de|Sans} réponse, {l'accès|le service} {sera|pourra être} {suspendu|fermé}.",
			"{L'équipe|Le service} technique de [brand] vous {remercie|salue}."},
		calls: []string{"Vérifier", "Libérer les messages", "Se connecter"}, senders: []string{"Support technique", "[brand] Messagerie"}},
	{key: "diet-ru", subjects: []string{"{Скидка|Акция} [n]% {только|лишь} {сегодня|завтра}", "{Похудеть|Сбросить} [n] кг", "[product]: {секрет|отзыв} {врача|звезды}"},
		sentences: []string{
			"{Новое|Лучшее} средство [product] {помогает|поможет} {сбросить|потерять} [n] кг {без|и никаких} {диет|спорта}.",
			"{Закажите|Купите} {сегодня|сейчас} и {получите|возьмите} {скидку|подарок} [n]%.",
			"{Доставка|Почта} {по|во} {всей стране|все города} за [d] {дня|суток}.",
			"{Врачи|Учёные} {из|города} [city] {подтвердили|доказали} {результат|действие}.",
			"{Отзывы|Письма} {покупателей|читателей} {читайте|смотрите} на {сайте|странице}."},
		calls: []string{"Заказать", "Подробнее", "Сайт"}, senders: []string{"[product]", "Магазин [product]"}},
	{key: "prize-pt", subjects: []string{"{Parabéns|Atenção}, [user]: {prêmio|bônus} {liberado|à espera}", "{Seu|O} cupom [code] {expira|vence} hoje"}, brands: true,
		sentences: []string{
			"{Você|O seu endereço} foi {escolhido|sorteado} pela [brand] {entre|com outros} [n] {clientes|usuários} de [city].",
			"{Responda|Complete} {a|uma} {pesquisa|enquete} de [d] {perguntas|questões} e {receba|ganhe} R$ [price].",
			"{A|Esta} {promoção|oferta} {termina|vence} em [n] horas {ou|e} {não será|nunca é} repetida.",
			"{Basta|É só} {confirmar|informar} {o endereço|os dados} {para|e} {a entrega|receber}.",
			"{Atenciosamente|Obrigado}, {equipe|central} [brand]."},
		calls: []string{"Receber prêmio", "Responder", "Confirmar dados"}, senders: []string{"[brand] Brasil", "Central [brand]"}},
}
