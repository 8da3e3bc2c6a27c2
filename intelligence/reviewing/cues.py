"""Turns of phrase that speak for a label or against it, beside what a sentence resembles: (pattern, points).

A point is about the distance from a doubtful sentence to a sure one.
"""

import re

AMOUNT = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty|\w+ty-\w+|half|hundred|\d+)"
SPAN = r"(?:minutes?|hours?|days?|weeks?|months?)"

_TABLE = {
    "pain": (
        (r"\b(?:lost|lose|losing|gone|missing|broken|stuck|stops? working|crash\w*|fail(?:s|ed)?|leak\w*|wrong|late|ran out|run out|damp|rust\w*)\b", 0.25),
        (r"\b(?:can't|cannot|couldn't|doesn't|won't|isn't) (?:\w+ )?(?:plan|see|tell|log|find|work|hit|open|keep|track|recogni[sz]e|show|know|fit|read|reach)\b", 0.25),
        (r"\b(?:by hand|on paper|whiteboard|spreadsheets?|re-?typ\w+|sticky notes|over the phone at|fax|copy(?:ing)? (?:it|them)|gut feeling|guess(?:ing|work)?)\b", 0.25),
        (r"\b(?:over and over|every time|all the time|again and again|third time|twice (?:last|a|this)|every (?:second|third|fourth) |half (?:of )?the time|half (?:of )?(?:the|my|our) (?:day|week|month|year))\b", 0.25),
        (r"\b(?:fine[sd]? (?:you|us|me)|penalt\w+|cost us|complain\w*|crying|chas(?:e|ing)|(?:is|are|'s|out there) waiting|no-shows?|nobody (?:called|came|answers|knows|picks|looks)|quit|cheat\w*|steal\w*)\b", 0.25),
        (rf"\b(?:takes?|took|wait(?:ed|ing)?)\b.{{0,25}}\b{AMOUNT} {SPAN}", 0.25),
        (r"\b(?:re-?doing|twice|double work|mess|nightmare|headache|annoying|slow|noisy|loud|freezing|too (?:hot|cold))\b", 0.15),
        (r"\?$", -0.15),
        (r"\b(?:price|discount|margin|percent|quote|budget|percentage|proposal)\b", -0.15),
        (r"\b(?:joking|kidding|not an issue|no problem|no drama|fixed now|sorted|any more|used to be|are down|we love|happy with|great|honest)\b", -0.25),
        (r"\b(?:neighbou?r|friend|cousin|they) (?:says?|said|told)\b", -0.2),
    ),
    "signal": (
        (r"\b(?:how much|what (?:does|do|would|will|is|'s) (?:it|that|this|one|they)\b.{0,20}\bcost|what's the price|ballpark|how soon|when (?:can|could) (?:we|you))\b", 0.3),
        (r"\bif (?:you|it|that|this|we|they)\b.{0,60}\b(?:I'll|we'll|I'd|we'd|we keep|I'm|we're|it's paid|I want|we take)\b", 0.3),
        (r"\b(?:put (?:me|us) down|sign (?:me|us) up|set aside|put aside|in the plan|sign it myself|I can sign|don't need (?:to ask|any other|anyone)|nearly convinced|we're in\b|I'm in\b|you have a deal|let's do it|do it\b)", 0.3),
        (r"\b(?:send (?:it|me|us)|forward me|put (?:that|the|it) .{0,25}(?:in|on|page|writing)|call me on|send it over)\b", 0.15),
        (r"\b(?:I|we)(?:'d| would)? (?:want|like|need) .{0,40}\b(?:in it|included|as well|too|before|by|running|live)\b", 0.25),
        (r"\b(?:that's|that is|that was|oh,?) (?:really |very |pretty |exactly )?(?:nice|great|better|good|perfect|what (?:I|we))\b", 0.15),
        (r"\b(?:more|another|new|extra|second|tenth|third|bigger) .{0,30}\b(?:start|open\w*|come|join|from|next|in the|moves?|this year)\b|\b(?:open(?:ing)?|grow\w*|expand\w*|hiring|taking on|adding)\b", 0.2),
        (r"\b(?:every day|already use|use it|uses it|pays? (?:for itself|back)|it's paid|saves? (?:me|us)|could see (?:that|it|us)|I can do\b|works for (?:me|us))\b", 0.2),
        (r"\b(?:a deal|a big one|seats|the whole thing|two years fixed|good deal|trial)\b", 0.12),
        (r"\b(?:can't|couldn't|wouldn't|not|don't|no|never|nothing)\b", -0.12),
        (r"\b(?:ignore|instructions|prompt|code|joking)\b", -0.3),
        (r"\b(?:dog|weather|meeting|recording|record|start|minute|holiday)\b", -0.12),
    ),
    "objection": (
        (r"\b(?:too (?:expensive|much|thin|high|low|steep|dear)|(?<!more )expensive|can't (?:afford|justify|pay)|couldn't (?:do|pay|afford)|price(?:y| went| goes| increase)|more than (?:we|I)|for less|cheaper|raises? our)\b", 0.3),
        (r"\bpay(?:ing)? (?:you )?(?:the same|more|extra|for)\b|\b(?:almost|nearly) .{0,15}(?:thousand|hundred)\b|\bit's always extra\b|\b(?:tops|at most)\b|\b(?:nothing's|nothing has|nothing is) been\b", 0.25),
        (r"\b(?:have to|need to|must|got to|I'd) (?:think about it|ask|talk to|run it|check with|discuss)\b|\b(?:can't|cannot|don't) (?:just |really )?decide\b|\bgo(?:es)? (?:up )?to (?:the|our|my|[A-Z]\w+)|\bI can (?:only )?(?:recommend|suggest)\b|\bnot my (?:decision|call)\b|\bhas to (?:approve|agree|sign)\b", 0.3),
        (r"\b(?:not looking (?:for|to)|don't (?:think|see|know).{0,20}(?:need|use|do much|help)|don't need (?:it|that|this|one)|wouldn't use|happy with what|works fine|none of them|nobody (?:has )?ask|no need)\b", 0.3),
        (r"\b(?:not before|not this (?:year|quarter|month)|not right now|next year|bad time|too busy|after the|on hold|locked in|wait until|until .{0,25} (?:over|done|finished))\b", 0.2),
        (r"\b(?:other quotes|another (?:vendor|company|supplier|offer)|other (?:vendor|supplier|offer|quote)|sign with|they offered|current (?:supplier|provider)|compar\w+|go with (?:them|someone|somebody))\b", 0.25),
        (r"\b(?:how do I know|what if|promised|said (?:it's|it was|that|it is)|told (?:me|us)|store[sd]?|stored|pictures|privacy|trust|why (?:do|should|would) I|burned|catch|guarantee|not possible|safe|secure|leave you)\b", 0.2),
        (r"\bnot an issue|not (?:really )?about that|no problem|no drama|I don't need to ask|sign it myself|happy\b|love it|paid in|are low", -0.35),
        (r"\b(?:cost|charges|pays?) (?:us|them|you|sixty)\b|\bmargin\.?$|\b(?:neighbou?r|friend|cousin) says\b|\bset aside\b|\bfor the first year\b", -0.15),
    ),
    "upsell": (
        (r"\b(?:older?|old|ancient|worn|dead|on (?:its|their) last legs|runs? (?:all|day)|(?:years|year) old|breaks? down|small(?:er)? (?:tank|unit))\b", 0.15),
        (r"\b(?:plan|contract|package|yearly|service plan|check-?up|maintenance)\b.{0,25}(?:\?|later|interest|how|like)|\bhow much is (?:that|the|it|this)\b", 0.25),
        (r"\b(?:more|another|second|new|extra|tenth|third) (?:\w+ ){0,2}(?:sites?|shops?|branch\w*|stores?|kids|students|users|seats|drivers|people|units?|building|wing|warehouse|locations?|rooms?|beds|trucks|jobs?|job)\b", 0.25),
        (r"\b(?:every (?:single )?day|each day) from\b|\bfrom (?:spring|summer|autumn|january|february|march|april|may|june|july|august|september|october|november) on\b|\bthe (?:app|module|scanner\w*|add-on) (?:as well|too|in it)\b|\bas well\b", 0.2),
        (r"\b(?:turn|convert|extend|extension|add on)\b.{0,25}\b(?:into|workshop|office|room|garage|attic|basement)\b|\bgarage\b|\bbasement\b", 0.2),
        (r"\bis (?:still )?(?:all )?on paper\b", 0.2),
        (r"\b(?:we don't have any|don't need|no old|not today|brand new)\b", -0.3),
    ),
    "objection:price": ((r"\b(?:price\w*|cost\w*|pay|paid|fee|expensive|afford|money|commission|margin|cheaper|budget|thousand|hundred|percent|discount|extra)\b", 0.3),),
    "objection:timing": ((r"\b(?:not (?:this|before|now|until)|until|next year|after the|busy|in the middle|months?|quarter|season|autumn|spring|summer|holidays?)\b", 0.25),),
    "objection:authority": ((r"\b(?:decide\w*|decision|approv\w*|board|boss|partners?|committee|sign|husband|wife|go(?:es)? (?:up )?to|has to|ask my|recommend)\b", 0.25),),
    "objection:need": ((r"\b(?:need\w*|looking for|not looking|use for|none of|nobody (?:has )?ask\w*|happy with|works fine|wouldn't use|do much with|too small)\b", 0.3),),
    "objection:competitor": ((r"\b(?:other|another|quotes?|offer\w*|competitor\w*|supplier|provider|vendor|sign with|switch\w*|compar\w*)\b", 0.2),),
    "objection:trust": ((r"\b(?:trust|promis\w*|sure|stor\w+|data|pictures?|privacy|secur\w*|guarantee|said|told|believe|catch|why (?:do|should|would|did))\b", 0.25),),
    "positive": (
        (r"\b(?:great|nice|lovely|perfect|love|loves|good|happy|brilliant|excellent|fantastic|wonderful|glad|grand|super|thanks?|thank you|appreciate|painless|helpful|adore|cheers|better than|easier than|clever|fair|wow|deal|looking forward)\b", 0.3),
        (r"\b(?:not|isn't|no|never|don't|wasn't|if) (?:\w+ ){0,2}(?:good|great|nice|happy|better|fair|deal)\b", -0.5),
    ),
    "negative": (
        (r"\b(?:awful|terrible|horrible|angry|annoyed|annoying|furious|disappoint\w*|ridiculous|unacceptable|disgrace|nobody|gone|lost|shouted|mistake|worried|worse|worst|bad|crying|ouch|joke|waste|useless|rude|fed up|sick of|nearly fell|serious|third time|again!)\b", 0.25),
        (r"\b(?:not paying|not my problem|not good enough|not fine|not okay|don't trust|hate|hates|walk out|go nuts|stuck|broken|fined?|complain\w*)\b", 0.25),
        (r"!", 0.1),
        (r"\b(?:joking|kidding|fixed|used to|no problem|not angry|not bad|n't bad)\b", -0.25),
    ),
    "churn": (
        (r"\b(?:cancel\w*|terminat\w+|somewhere else|elsewhere|leav(?:e|ing) you|I'm gone|we're gone|switch(?:ing)? (?:to|provider)|(?:about|going|ready) to sign with|not renew\w*|won't renew|look around|other quotes|get (?:\w+ ){1,2}quotes)\b", 0.5),
        (r"\b(?:not paying|money back|refund|lawyer|who(?:'s going to| will)? (?:pays?|covers?)|compensat\w+|I want that back|I mean it|I'm serious|the (?:third|fourth|second) (?:time|one|visit))\b", 0.35),
        (r"\b(?:walk out|unacceptable|not acceptable|nearly fell|fed up|nobody raises|speak to your)\b", 0.25),
        (r"\b(?:joking|kidding)\b", -0.4),
    ),
    "+rapport": (
        (r"\b(?:on (?:us|our side)|(?:my|our) (?:fault|mistake)|take (?:that|it|this) on|that's not okay|not how it should be|let you down)\b", 0.15),
        (r"\b(?:on us|my fault|our fault|take (?:that|it) on myself|(?:so|really|very) sorry|I'm sorry|shouldn't have|not okay|you(?:'re| are) right|every (?:right|reason)|no pressure|I'd (?:feel|be) .{0,20}(?:same|too|furious|upset)|if there's nothing|if you don't need|come back and|one thing at a time|I won't push)\b", 0.25),
        (r"\?$", -0.15),
    ),
    "+explanation": (
        (r"\b(?:it's like|it's a bit like|works like|is like|think of|imagine|the same as|show you (?:once|how)|let me show|that means|what that means|you can do (?:it|that) yourself|in plain words)\b", 0.3),
        (r"\?$", -0.1),
    ),
    "+objection_handling": (
        (r"\b(?:in writing|compared (?:to|with)|you only|only go on|leave at any time|what would you need|sits? on top|(?:above|over|from) .{0,25}\bit's\b|comes? every year|spread it|waive|months of us|as close as)\b", 0.25),
    ),
    "-discount": (
        (r"\b(?:discount|(?:percent|per cent|%) off|off the (?:price|first|list)|take .{0,20} off|knock .{0,20} off|throw (?:\w+ ){0,3}in|better (?:price|deal)|room in the price)\b", 0.35),
        (r"\b(?:can't|cannot|no) .{0,15}discount|\?$", -0.2),
    ),
    "-defence": (
        (r"\b(?:not the cheapest|not cheap|went up|gone up|our (?:own )?costs|policy|nothing I can do|their fault|your fault|who's missing|who are missing|the ones? who)\b", 0.3),
        (r"\b(?:sorry|I understand|you're right|on us)\b|\?$", -0.2),
    ),
    "-pushy": (
        (r"\b(?:get you (?:started|signed|going)|sign (?:today|now|this week|right)|order form|close this|annual (?:plan|contract)|before the offer|decide (?:today|now))\b", 0.3),
    ),
    "-promise": (
        (r"\b(?:I guarantee|definitely|a hundred percent|never (?:fails?|goes? down)|pretty sure|fairly (?:sure|certain)|I promise|no question)\b", 0.3),
    ),
}  # fmt: skip
CUES = {label: tuple((re.compile(pattern, re.I), points) for pattern, points in rows) for label, rows in _TABLE.items()}

MOST_POINTS = 0.5
SHORT_WORDS = 4
SHORT_POINTS = -0.12
"""A clause of up to four words resembles everything a little."""


def points(label: str, clause: str) -> float:
    """What its turns of phrase add to a clause's score for a label, at most half a point either way."""
    total = sum(points for pattern, points in CUES.get(label, ()) if pattern.search(clause))
    if len(clause.split()) <= SHORT_WORDS:
        total += SHORT_POINTS
    return max(-MOST_POINTS, min(MOST_POINTS, total))
