package world

import "strings"

// A lure is the promise or threat of a kind of spam. Its sentences have choices
// in braces, in the syntax of spinning tools, and slots in brackets.
type lure struct {
	key       string
	subjects  []string
	sentences []string
	calls     []string // labels of the link
	senders   []string // display names
	brands    bool     // slots [brand] are of well-known kinds of firms that many imitate
}

// ascii reports whether a lure is in English; keys of others have a language
// suffix.
func (l *lure) ascii() bool { return !strings.Contains(l.key, "-") }

// Lures with a link.
var linkLures = []lure{
	{key: "pills", subjects: []string{"{Save|You save} [n]% on [product]", "[product] {without prescription|no prior visit|shipped today}", "{Re: your|Your} [product] order", "{Lowest|Best} prices for [product]", "{Feel|Be} {young|strong} again"},
		sentences: []string{
			"{Order|Buy|Get} [product] {online|from home|with one click} and {save|keep|pay} {up to|as much as} [n]% {today|this week|right now}.",
			"{Our|The} [product] {pharmacy|drugstore|shop} {ships|delivers|sends} {discreetly|in plain parcels|overnight} to {any|every} {state|country|address}.",
			"{No|Forget about} {prescription|doctor visit|waiting room|paperwork}, {no|without} {questions|embarrassment|delay}.",
			"{Thousands|Over [n],000} of {men|customers|patients} {trust|choose|reorder} [product] {every month|again and again|each year}.",
			"{Doctors|Physicians|Experts} in [city] {agree|confirm|report} that [product] {works|acts} {within|in less than} {minutes|half an hour|[n] minutes}.",
			"{Only|Just} $[price] {per|a} {dose|tablet|bottle}, {cheapest|lowest price} {on the net|anywhere|you will find}.",
			"{Give|Show} your {partner|wife|lady} {what she|the night that she} {deserves|dreams of|will remember}.",
			"{Return|Send back} {unused|unopened} {packs|bottles} {within|for} [n] days, {no hard feelings|money back|full refund}."},
		calls: []string{"Order now", "Visit the shop", "See our prices", "Click here"}, senders: []string{"[product] Shop", "Canadian Drug Store", "[person]", "Dr. [family]"}},
	{key: "watches", subjects: []string{"{Exact|Perfect} copies of {fine|luxury} watches", "{Look|Be} like a {star|millionaire} for $[price]", "[product] watches -[n]%"},
		sentences: []string{
			"{A|Every} {gentleman|man of taste|lady} {needs|deserves|wears} a {fine|luxury|Swiss} {watch|timepiece}, {not|but not} a {loan|mortgage} to {pay|buy} it.",
			"{Our|These} {replicas|copies|timepieces} {have|come with} the {same|original} {weight|movement|engraving} {as|like} the {real thing|original|genuine one}.",
			"{Choose|Pick} {among|from} [n] {models|designs|brands} at [product], {starting|from only} $[price].",
			"{Nobody|No jeweller|Not even your boss} will {tell|see|notice} the {difference|secret|trick}.",
			"{Bags|Purses|Pens} and {jewelry|lighters|wallets} of the {same|famous} {houses|names} {are|wait} {on sale|at half price} {too|as well}.",
			"{Worldwide|Insured|Free} {shipping|delivery} {takes|within} [n] days, {gift box|velvet box|certificate} {included|comes along}."},
		calls: []string{"See the collection", "Shop now", "Choose yours"}, senders: []string{"[product] Time", "Luxury Outlet", "[person]"}},
	{key: "mortgage", subjects: []string{"{Your|The} {loan|application} {is|was} {approved|ready}", "{Rates|Payments} as low as [n].[d]%", "{Re:|Your} mortgage [d][d][d][d]"},
		sentences: []string{
			"{Your|The} {refinance|mortgage|loan} {request|application} {was|has been} {approved|accepted} for ${[n][d],000|[d][n],500} {regardless of|despite} {credit|your history}.",
			"{Lenders|Banks|Our partners} {compete|bid} {for you|for your business} and {you|homeowners} {win|save} $[price] {a month|every month}.",
			"{Rates|Interest} {start|begin} at [n].[d] {percent|%} {fixed|for thirty years|while they last}.",
			"{Fill|Complete} {in|out} the {short|one minute} {form|questionnaire} and an {agent|adviser|officer} {calls|contacts} you {back|today}.",
			"[company] {has|have} {helped|funded|served} [n],000 {families|homeowners|borrowers} {since|after} {last year|the crisis|1998}.",
			"{Bad|Poor|No} {credit|history} {is|should be} {no problem|not an obstacle|fine with us}."},
		calls: []string{"Confirm your details", "Start the form", "Get my rate"}, senders: []string{"[company]", "Loan Department", "[person]"}},
	{key: "casino", subjects: []string{"$[price] {bonus|free chips} {for you|waiting}", "{Play|Spin|Win} at [product]", "[user], {claim|take} your {bonus|spins}"},
		sentences: []string{
			"{Join|Try|Enter} [product] {casino|club|lounge} and {get|receive|grab} ${[price]|[n]00} {free|on the house|extra} {with|on} your {first|second} {deposit|visit}.",
			"{Over|More than} [n] {games|slots|tables} {run|are open} {day and night|round the clock}, {poker|roulette|blackjack} {included|too}.",
			"{Last|This} {week|month} a {player|member|lady} from [city] {won|cashed|took home} ${[n],[d]00|[d][n],000}.",
			"{Withdraw|Cash out} {in|within} [n] {hours|minutes}, {cards|wallets|wires} {accepted|welcome}.",
			"{Use|Enter} {code|coupon} [code] {before|until} {midnight|Sunday|the end of the week}.",
			"{Fair|Certified|Audited} {games|payouts} of [n].[d] {percent|%} since {day one|the beginning}."},
		calls: []string{"Play now", "Claim the bonus", "Download free"}, senders: []string{"[product] Casino", "VIP Manager [given]", "Bonus Desk"}},
	{key: "dating", subjects: []string{"{Hi|Hello} from [given]", "[given] {sent|left} you a {message|photo}", "{Lonely|Single} in [city]?", "{did you|you should} {see|check} my {profile|pics}"},
		sentences: []string{
			"{Hi|Hey|Hello}, {I am|this is|my name is} [given], [n] {years old|y.o.}, {living|new} in [city] {and bored|and single|looking for company}.",
			"{I|We} {saw|found|liked} your {profile|picture|page} on [product] and {thought|hoped} {we could|you might} {talk|meet|write}.",
			"{My|Some more} {photos|pictures} are {there|on my page|online}, {don't|please do not} {laugh|share them}.",
			"{No|I want no} {games|strings|drama}, {just|only} {fun|a friend|a good man}.",
			"[n] {women|girls|members} {near|around} [city] {are|were} {online|waiting} {tonight|now}.",
			"{Registration|Joining} {is|stays} {free|without charge} {for men|this week|until Sunday}."},
		calls: []string{"My page", "See my photos", "Answer me"}, senders: []string{"[given]", "[given] [family]", "[product] Dates"}},
	{key: "diploma", subjects: []string{"{University|College} {degree|diploma} {without|no} {exams|classes}", "{Earn|Get} the {salary|title} you deserve"},
		sentences: []string{
			"{Get|Obtain|Receive} a {university|college} {degree|diploma} {based on|for} your {life|work} {experience|knowledge}.",
			"{Bachelors|Masters}, {MBA|Doctorate} {available|possible} in the {field|subject} of your {choice|dreams}.",
			"{No|Zero} {tests|classes|books|interviews} {required|to attend|to buy}.",
			"{Employers|Bosses} {pay|give} {graduates|degree holders} [n]% {more|extra} {each year|on average}.",
			"{Graduates|Holders} of [company] {work|hold posts} in [n] countries.",
			"{Call|Write} {any time|day or night}, {delivery|your papers} {within|in} [n] days."},
		calls: []string{"Apply", "Read more", "Choose a subject"}, senders: []string{"Admissions", "[company]", "Dean [family]"}},
	{key: "software", subjects: []string{"{OEM|Original} software [n]% off", "{Photo|Office|Design} suite for $[price]", "{Download|Get} [product] today"},
		sentences: []string{
			"{All|The} {popular|latest} {programs|titles|packages} {for|at} ${[n]|[price]} {each|apiece}, {download|get them} {instantly|at once}.",
			"{Why|Who would} pay {the box|full price|for paper manuals} {when|if} the {same|full} {version|product} {costs|is} $[price] at [product]?",
			"{Every|Each} {copy|licence} {comes|is delivered} with a {key|serial number} and {free|lifelong} {updates|support}.",
			"{Windows|Mac|Both} {versions|systems} in [n] languages {are|stay} {in stock|available}.",
			"{Pay|Payment} by {card|wire}, {refund|your money back} {within|for} [n] {days|weeks}."},
		calls: []string{"Browse the list", "Download", "See all titles"}, senders: []string{"[product] Soft", "OEM Store", "[person]"}},
	{key: "diet", subjects: []string{"{Lose|Drop|Melt} [n] {pounds|lbs} {fast|in weeks}", "{Doctors|Hollywood} {hate|love} [product]", "The [product] {secret|trick}"},
		sentences: []string{
			"{Lose|Drop|Burn} [n] {pounds|kilos} in {one month|[d] weeks} {without|and no} {diets|gym|hunger}.",
			"[product] {contains|is made of} {seeds|berries|roots} that {grow|ripen} {only|nowhere but} near [city].",
			"{A|The latest} {study|trial} with [n] {women|volunteers} {showed|found} {results|a change} {after|within} [d] days.",
			"{As|You may have} {seen|heard of it} on {TV|the morning show|the news}.",
			"{Try|Test} a {bottle|sample|month} for {only the shipping|$[price]|free} and {judge|see} {yourself|in the mirror}.",
			"{Stock|Supply} is {limited|low}: {only|just} [n] {bottles|packs} {are left|remain} for {your area|[city]}.",
			"{My|A} {sister|neighbour|colleague} {wears|fits into} her {wedding dress|old jeans} {again|since March}."},
		calls: []string{"Claim your bottle", "See the study", "Try it"}, senders: []string{"[product] News", "Health Weekly", "[given] from [product]"}},
	{key: "insurance", subjects: []string{"{Drivers|Homeowners} in [city] {save|pay less}", "{New|Updated} rates {for|from} [company]", "{Your|Compare} {quotes|rates} [date]"},
		sentences: []string{
			"{Drivers|Homeowners|Seniors} {who|that} {compare|switch} {save|keep} {$[price]|[n]%} {a year|on average}.",
			"{Enter|Type} your {zip code|postcode} and {see|compare} {quotes|offers} from [n] {insurers|carriers}.",
			"{A|This} {new|little known} {rule|policy|law} {means|says} that {safe|careful} {drivers|families} {pay|should pay} {less|half}.",
			"[company] {will|does} {not|never} {ask|require} a {medical exam|credit check}.",
			"{Solar|Roof|Window} {grants|programs} {end|expire} {soon|this month} {in|around} [city].",
			"{It|This} {takes|needs} {less than|only} [n] {seconds|minutes} and {costs|is} {nothing|free}."},
		calls: []string{"Compare quotes", "See if you qualify", "Get my quote"}, senders: []string{"[company]", "Auto Savings", "Senior Care Desk", "[company] Alerts"}},
	{key: "survey", subjects: []string{"{You|[user], you} have been {chosen|selected}", "{Your|A} [brand] {reward|gift card} {expires|waits}", "{Final|2nd} {notice|attempt} for [user]"}, brands: true,
		sentences: []string{
			"{Answer|Complete} {our|a} [n] {second|question} {survey|form} about [brand] and {choose|receive} {a|your} {reward|gift|prize}.",
			"{Your|This} {reward|gift card|parcel} {worth|of} $[price] {expires|will be released} {today|within [n] hours}.",
			"{Only|We picked} [n] {customers|shoppers} {in|around} [city] {were|and you were} {invited|selected}.",
			"{Last|Previous} {attempts|messages} {to|for} [user] {were|stayed} {unanswered|ignored}.",
			"{Confirm|Enter} your {address|shipping details} {so that|and} {the courier|we} {can deliver|deliver}.",
			"{Congratulations|Good news}, [user]! {Your|The} {number|entry} [d][d][d]-[n] {was|has been} {drawn|selected}."},
		calls: []string{"Start the survey", "Claim reward", "Confirm now"}, senders: []string{"[brand] Rewards", "Customer Panel", "[brand] Support"}},
	{key: "crypto", subjects: []string{"{Earn|Make} $[price] {a day|daily}", "[product]: {your|the} account is {active|open}", "{Banks|They} don't want you to {see|know} this"},
		sentences: []string{
			"{A|This} {robot|program|platform} called [product] {trades|invests} {for you|day and night} and {paid|made} ${[n],[d]00|[price]} {last week|yesterday}.",
			"{Deposit|Start with} {only|as little as} $[price] and {watch|see} {it|your balance} {grow|double} {in|within} [n] days.",
			"{A|One} {nurse|teacher|driver} from [city] {quit|left} {her|the} job {after|thanks to} [product].",
			"{Your|The} {personal|own} {manager|broker} [given] {will|shall} {call|guide} you.",
			"{Places|Seats} {close|are given away} {tonight|at midnight}, [n] {remain|left}.",
			"{Television|Newspapers} {tried|wanted} to {hide|stop} the {interview|story} with [person]."},
		calls: []string{"Open the account", "Watch the interview", "Start earning"}, senders: []string{"[product]", "[given] - [product]", "Profit Desk"}},
	{key: "bank", subjects: []string{"{Your|A} [brand] account {is|was} {limited|suspended}", "{Security|Account} {notice|alert} [d][d][d][d]", "{Unusual|New} sign-in {to|on} [brand]", "[brand]: {verify|confirm} your {details|identity}"}, brands: true,
		sentences: []string{
			"{We|Our system} {noticed|detected|recorded} {unusual|suspicious} {activity|sign-ins} on your [brand] {account|profile|card}.",
			"{For|To} {your|ensure your} {protection|security}, {access|some functions} {has|were} been {limited|suspended} {until|pending} {review|confirmation}.",
			"{Please|You must} {confirm|verify|update} your {details|information|identity} {within|in the next} [n] hours.",
			"{Failure|Refusal} to {do so|confirm} {will|may} {lead to|result in} {closure|permanent suspension} {of your account|without notice}.",
			"{A|The} {sign-in|payment} of {$[price]|an unknown device} {from|near} [city] was {blocked|refused|held} on [date].",
			"{We|The [brand] team} {apologise|are sorry} for {any|the} {inconvenience|trouble} and {thank|value} you {for your patience|as a customer}.",
			"{Case|Reference} {number|ID}: {[code]|[d][d][d]-[code]}."},
		calls: []string{"Verify your account", "Restore access", "Sign in", "Review activity"}, senders: []string{"[brand] Security", "[brand]", "[brand] Service Team"}},
	{key: "parcel", subjects: []string{"{Your|A} parcel [code] {is|was} {held|waiting}", "{Delivery|Shipment} {failed|problem}: {action|payment} {needed|required}", "[brand] {delivery|customs} notice"}, brands: true,
		sentences: []string{
			"{Your|The} {parcel|package|shipment} [code] {could not be|was not} {delivered|handed over} on [date].",
			"{A|The} {customs|handling|storage} fee of ${[n]|[d].[n]} {is|remains} {due|unpaid}.",
			"{Our|The [brand]} {driver|courier} {found|met} {nobody|no one} at {the address|home|the door}.",
			"{Schedule|Choose} a new {delivery|date} {within|in} [n] {hours|days}, {or|otherwise} {it|the item} {returns|goes back} to the {sender|depot in [city]}.",
			"{Pay|Settle} {online|by card} to {release|receive} {it|your item}.",
			"{Tracking|Depot} {number|code}: [code]."},
		calls: []string{"Track parcel", "Schedule delivery", "Pay the fee"}, senders: []string{"[brand] Express", "[brand] Delivery", "Parcel Centre"}},
	{key: "mailbox", subjects: []string{"{Mailbox|Storage} {full|[n]% used}", "{Password|Account} expires {today|in [d] days}", "[n] {messages|mails} {on hold|pending}", "{Important|IT}: {mail|server} upgrade"}, brands: true,
		sentences: []string{
			"{Your|The} mailbox [rcpt] {has|reached} {used|exceeded} [n]% of {its|the} {quota|storage}.",
			"[n] {incoming|new} {messages|mails} {are|were} {placed|put} on hold {by|because of} {the server|a sync error}.",
			"{Your|The current} password {expires|will expire} {today|in [n] hours}, {keep|use} the {same|current} {one|password} {below|here}.",
			"{Users|Accounts} {who|that} {do not|fail to} {upgrade|confirm} {lose|will lose} {access|new mail} {after|on} [date].",
			"{This|The} {notice|message} {comes|was sent} {from|by} the {mail|IT} {administrator|desk|team} of {your domain|[brand]}.",
			"{Release|Review} {messages|the quarantine} {before|or} {they are deleted|deletion}."},
		calls: []string{"Keep password", "Release messages", "Upgrade storage", "Confirm mailbox"}, senders: []string{"IT Helpdesk", "Mail Administrator", "[brand] Mail"}},
	{key: "streaming", subjects: []string{"{Your|The} [brand] {payment|membership} {failed|was declined}", "[brand]: {update|renew} {today|your card}", "{Last|Final} {reminder|notice} [brand]"}, brands: true,
		sentences: []string{
			"{We|Our bank} {could|were} not {charge|able to bill} your {card|account} for {the next|your [brand]} {month|membership}.",
			"{Update|Renew} your {payment|billing} {details|method} to {keep|continue} {watching|listening|your plan}.",
			"{As|For} {loyal|long-standing} {members|customers} {we|[brand]} {offer|give} [n] days {free|without charge}.",
			"{Your|The} {plan|membership} {ends|will be cancelled} on [date].",
			"{Invoice|Bill} [code] {of|over} ${[n].[d]9|[price]} {is|remains} {open|unpaid}."},
		calls: []string{"Update payment", "Renew now", "Restart membership"}, senders: []string{"[brand] Billing", "[brand]", "Membership Team"}},
}
