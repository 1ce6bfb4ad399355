package world

// Lures without a link: the reader is to use a contact, a wallet, a stock
// exchange or an attachment.
var contactLures = []lure{
	{key: "inheritance", subjects: []string{"{Confidential|Urgent} {proposal|business}", "{Attention|Dear} beneficiary", "{From|Message from} {Barrister|Mr.} [family]", "{Re: your|Your} {funds|inheritance}"},
		sentences: []string{
			"I am {Barrister|Mr.|Mrs.} [person], {attorney|account manager|auditor} {to|of} the late [person2], who {died|passed away} in a {plane|car|motor} {crash|accident} near [city].",
			"{He|My client} {left|deposited} {the sum of|a total of} {US$|USD }{[n],500,000|[d][n] million} {with|in} [company] and {no|without any} {next of kin|relative} {came forward|was found}.",
			"{I|We} {seek|ask} your {consent|permission} to {present|name} you as the {beneficiary|next of kin}.",
			"{The|This} {money|fund|sum} {shall|will} be {shared|divided} in the {ratio|proportion} of [n]% for you and the rest for {me|us and charity}.",
			"{This|The} {transaction|business} is {risk free|one hundred percent legal} and {must|has to} stay {secret|confidential}.",
			"{Kindly|Please} {send|forward} your {full name|names}, {address|occupation} and {telephone|private phone number} {at once|without delay}."},
		senders: []string{"[person]", "Barrister [person]", "MR [family]"}},
	{key: "lottery", subjects: []string{"{Winning|Award} notification", "{Ref|Batch}: [code]", "{Congratulations|You have won}"},
		sentences: []string{
			"{We|The board of [company]} {are pleased|is happy} to {inform|notify} you {of|about} the {result|draw} {held|released} on [date].",
			"{Your|The} e-mail {address|account} {attached to|won with} ticket {[code]|[d][d][d]-[n]} {won|drew} the {lucky|winning} numbers in the {second|first} category.",
			"{You|Your address} {have|has} {been|therefore been} {approved|awarded} {a lump sum|a prize} of {EUR|US$} [n][d]0,000.",
			"{To|In order to} {file|begin} your claim, {contact|write to} our {agent|fiduciary officer} [person] {in|of} [city].",
			"{All|Any} prize {must|has to} be claimed {before|not later than} [date], {or|otherwise} it {is returned|goes back} to the {ministry|treasury}."},
		senders: []string{"[company]", "Award Department", "[person]"}},
	{key: "loan", subjects: []string{"{Loan|Credit} offer {at|of} [n]%", "{Do you|You} need a loan?", "{Financial|Funding} help"},
		sentences: []string{
			"{Do you|Does your firm} need {an urgent|a quick|a} loan to {pay|clear} {bills|debts} or {start|expand} a business?",
			"[company] {offers|gives} {loans|credit} from {[n],000|5,000} to {[n] million|[d]00,000} at [d]% {interest|per year} {without collateral|to anyone}.",
			"{We|Our officers} have {served|helped} {people|clients} {in|from} [city] and {abroad|elsewhere} since {1999|many years}.",
			"{Apply|Reply} with {name|your name}, {amount|amount needed}, {duration|period} and {phone|telephone}.",
			"{Approval|The transfer} {takes|is done} within [n] {hours|working days}."},
		senders: []string{"[company]", "[person]", "Loan Officer [family]"}},
	{key: "job", subjects: []string{"{Part-time|Home} {job|position} {in your area|available}", "{Vacancy|Position}: {regional|financial} {agent|assistant}", "{HR|Staff} [company]"},
		sentences: []string{
			"[company] {is looking|looks} for {regional|local} {agents|assistants} {to|who} {process|receive} {payments|parcels} from our {clients|buyers}.",
			"{You|The agent} {keep|keeps} [n]% of {every|each} {transfer|operation}, {about|roughly} $[price] {a week|weekly}.",
			"{No|We need no} {experience|degree|investment} {is required|necessary}, {only|just} {a few hours|[d] hours} a week and {a bank account|a phone}.",
			"{Our|The} {office|headquarters} in [city] {trades|deals} with {textiles|art|software|machinery} {since|for} {1996|many years}.",
			"{Send|Forward} your {resume|CV|details} {to|for} {our manager|our HR officer} [person]."},
		senders: []string{"[company] HR", "[person]", "[company]"}},
	{key: "extortion", subjects: []string{"{Your|About your} {password|account} {is|was} {hacked|known}", "{I|We} {recorded|know} {you|everything}", "{Last|Final} {warning|chance}, [user]", "{Payment|Transfer} {from|of} your account"},
		sentences: []string{
			"{I|You may not know me, but I} {have|placed|installed} {a trojan|malware|access} on {your|the} {device|computer|system} {[n] days ago|since [date]}.",
			"{Your|Through your} {camera|webcam} {recorded|I filmed} {you|what you do} {while|when} {visiting|you watched} {adult sites|such videos}.",
			"{All|I copied all} your {contacts|friends|colleagues} {and|with} {files|messages} {are copied|to my server}.",
			"{Transfer|Send} ${[n]00|[price]} {in|worth of} Bitcoin to {my|the} {wallet|address} {below|that follows}, {then|and} {I|everything} {delete|will be deleted}.",
			"{You|I give you} {have|exactly} [n] hours {after|from} {opening|reading} this {letter|message}.",
			"{Do not|Don't} {try to|bother to} {reply|find me|call the police}: {the|this} {address|sender} {is|was} {random|not mine}."},
		senders: []string{"[user]", "[given]", "Anonymous", "[person]"}},
	{key: "seo", subjects: []string{"{First|Top} page {on|of} Google", "{Website|SEO} {audit|proposal} for your {site|domain}", "{Quick|Small} question {about|on} your website"},
		sentences: []string{
			"{I|We} {was looking|came} {at|across} your {website|site|page} and {found|noticed} {a number of|[n]} {errors|issues} that {keep|stop} it from ranking.",
			"{Our|My} team {of|with} [n] {experts|engineers} {brings|can put} {you|your firm} on the first page {of|in} {all|the major} search engines.",
			"{Packages|Plans} {start|begin} at $[price] {a month|monthly}, {no contract|cancel any time}.",
			"{May|Can|Shall} I send {you|over} a {free|detailed} {audit|quote|price list}?",
			"[company] {builds|designs} {apps|websites|shops} for {clients|firms} in [city] and [n] countries."},
		senders: []string{"[person]", "[given] - [company]", "[given]"}},
	{key: "lists", subjects: []string{"{Attendee|Contact} list {of|for} [product] Expo", "{Verified|Fresh} {contacts|leads} in [city]", "{Data|Leads} {available|count and cost}"},
		sentences: []string{
			"{Would|Are} you {be interested|interested} in {acquiring|purchasing} the {attendee|contact|visitor} list of [product] {Expo|Summit|Fair} {held|that took place} in [city]?",
			"{The|Our} list {has|contains} {[n],[d]00|[n],000} {verified|opt-in} {contacts|records} with {name|title}, {phone|e-mail} and {company|revenue}.",
			"{Cost|The price} is $[price] {only|if you order this week}.",
			"{Let|Please let} me know {your|if you have} {interest|questions}, I {will|shall} {send|share} {samples|counts}.",
			"{Reply|Answer} \"{remove|no}\" if {not|you are not} interested."},
		senders: []string{"[person]", "[given] [family] - Data", "[given]"}},
	{key: "stock", subjects: []string{"{Watch|Buy} [ticker] {today|on Monday}", "[ticker] {is|goes} {up|through the roof}", "{Hot|Big} news {for|about} [ticker]"},
		sentences: []string{
			"{Trading|Market} {alert|advisory}: [company] (symbol [ticker]) {starts|begins} {its|a} {run|campaign} {on|this} {Monday|Thursday}.",
			"{Current|Last} price $[d].[n], {target|five day target} ${[d].[n]|[n].[d]0}.",
			"{The|Insiders say the} {company|firm} {has|just} {signed|closed} a {contract|deal} {worth|over} $[n] million {in|with a buyer in} [city].",
			"{Tell|Call} your broker {and|to} {get|put} [ticker] {on your radar|into your account} {before|ahead of} {the bell|the crowd}.",
			"{Volume|Trading volume} {rose|jumped} [n]% {last week|since [date]}, {don't|do not} {miss|sleep through} {it|this one}."},
		senders: []string{"[person]", "Market Desk", "[given]"}},
	{key: "invoice", subjects: []string{"{Invoice|Bill} [code]", "{Overdue|Unpaid} {invoice|balance}", "{Scan|Document} from {a printer|[company]}", "{Payment|Order} {advice|confirmation} [code]"},
		sentences: []string{
			"{Please|Kindly} {find|see} {attached|enclosed} {invoice|statement} {[code]|no. [d][d][n]} {for|over} $[price].",
			"{The|This} {amount|balance} {is|was} due {on|since} [date], {please|kindly} {pay|settle} {at once|without delay}.",
			"{Open|See} the {attached|enclosed} {document|file} {for|with} {details|the list of items}.",
			"{Our|The} {accounts|bookkeeping} {department|office} of [company] {thanks|is grateful for} your {business|order}.",
			"{If|Should} you {have|need} {questions|a copy}, {contact|ask} [person]."},
		senders: []string{"[company]", "Accounts [company]", "[person]"}},
	{key: "charity", subjects: []string{"{Donation|Gift} {to|for} you", "{Please|God bless you}, {read|help}", "{Dear|My dear} {friend|beloved}"},
		sentences: []string{
			"I am Mrs. [person], a {widow|dying woman} {from|living in} [city], {suffering|ill} {from|with} {cancer|a stroke} for [d] years.",
			"{My|My late} husband {worked|was} {with|at} [company] and {left|we saved} {US$|EUR} [n][d]0,000 which I {want|decided} to {donate|give} {to you|for orphans}.",
			"{The|My} doctor {told|says} I {will|may} not {last|live} {[n] weeks|another month}.",
			"{As|So} {soon|early} as I {hear|receive} {from you|your reply}, I {shall|will} give you the {contact|papers} of the bank.",
			"{Keep|Please keep} {this|it} {between us|secret} and {pray|always pray} for me."},
		senders: []string{"Mrs. [person]", "[person]", "Sister [given]"}},
}

// generic sentences fit any advertisement.
var generic = []string{
	"{This|Our} offer {ends|expires|closes} on [date], so {act|decide|hurry} {now|soon|today}.",
	"{Thank you|Thanks} for {reading|your time|your interest}, {your|the} {team|friends} at [company].",
	"{Questions|Doubts}? {Our|The} {staff|helpers} in [city] {answer|reply} {within|in} [n] hours.",
	"{More than|Over} [n],000 {people|readers|families} {did|decided} {the same|already} {this year|before you}.",
	"{You|This mail reached you because you} {signed|opted} in {at|on} {a|one} partner {site|page} of [company].",
	"{Do not|Never} {hesitate|wait} {when|if} {a chance|an offer} {like|such as} {this|ours} {comes|knocks}.",
	"{It|Everything} {is|takes} {simple|three steps}: {open|visit}, {choose|fill in}, {done|confirm}.",
	"{We|At [company] we} {respect|value} your {privacy|trust} {and|, we} never {share|sell} {data|addresses}.",
	"{Tell|Show} {a friend|your family} {about|of} {it|us} and {both|everyone} {wins|profits}.",
	"{As|Since} {always|ever}, {quality|honesty} {comes|is} {first|our rule}.",
}

// greetings open a letter.
var greetings = []string{"Dear {friend|customer|member},", "{Hello|Hi} [user],", "{Good day|Greetings},", "Attention: [rcpt]", "{Hi|Hey} {there|friend},", "{Dear|Hello} {Sir/Madam|valued customer},", ""}

// brandNames are brands that phish imitates; none exists.
var brandNames = []string{"Costa Bank", "PayFriend", "Streamflix", "ParcelPost", "Amazonia", "CloudDrive", "Grand Market", "First Union", "NetMail", "Telco One"}

// Innocent prose for hidden text that dilutes the words of a filter.
var busters = []string{
	"the garden was quiet when the old man closed his book and listened to the rain", "she walked along the river until the lights of the village came into sight",
	"nobody at the station remembered when the last train had been on time", "a letter had been lying under the door since the morning of the storm",
	"they counted the boxes twice and still one of the clocks was missing", "in those years the road ended at the mill and one had to go on by boat",
}
