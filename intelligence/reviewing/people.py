"""Who decides, and whose rival products were named."""

import re
from collections.abc import Sequence

from domain.transcript import Segment
from intelligence.reviewing.evidence import ClaimDraft, shortened
from intelligence.reviewing.readable import capital
from intelligence.reviewing.utterances import cut, is_buyer

ROLE = (
    r"(?:board(?: of \w+)?|partners?(?:'|’)?s?(?: meeting)?|partnership|committee|council|trustees"
    r"|owners?|boss|manager|managing director|director"
    r"|(?:department )?heads?(?: of [\w ]{2,20}?)?(?=[,.\s])|principal|head office|procurement"
    r"|purchasing|legal(?: team)?|finance(?: \w+)?|accounts"
    r"|C[EFTI]O|IT(?: \w+)?|ops(?: \w+)?|husband|wife|son|daughter|brother|sister|father|mother"
    r"|dad|mum|mom|landlord|landlady|accountant|lawyer|union"
    r"|works council|shareholders|investors|business partner|supervisor|chair(?:man|woman)?"
    r"|headmaster|dean|chief(?: \w+)?|vice president|VP)"
)
NOT_NAMES = frozenset(
    "I I'm I'd I'll I've Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April "
    "May June July August September October November December Christmas Easter English German French American "
    "British European Yes Yeah No Okay Well So And But The They We He She It That This If Because Anything "
    "Everybody Nobody Somebody Honestly Not Now Then You Who What When Where How Why My Our Your His Her Their "
    "Its Is Are Was Do Does Did Can Could Would Will Have Has Had There Here Just Let Me Put Send Call Thanks "
    "Thank Sure Right Good Great Perfect Oh Ah Um Uh Hm Hi Hello Bye Sorry Please Two Three Four Five Six Seven "
    "Eight Nine Ten One Eleven Twelve Twenty Thirty Forty Fifty Sixty Seventy Eighty Ninety Hundred First Second "
    "Third Excel Word PDF USB VAT CRM ERP IT CFO CEO CTO COO HR API Every Some Most All Both Maybe Perhaps Only "
    "Same Last Next Like Half About Over From After Before Since With For In On At Of To As By An A Or".split()
)
NOT_A_NAME = rf"(?!(?:{'|'.join(sorted(NOT_NAMES))})\b)"
NAME = NOT_A_NAME + r"(?:(?:Mr|Mrs|Ms|Dr|Doctor|Madame|Monsieur)\.? )?[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?"
WHO = rf"(?:(?i:(?:my|our|the|his|her|their|a) (?:\w+ )?{ROLE})|{NAME})"
BODY = re.compile(
    r"\b(?:(?:the|our|a|an) )?(?:(?!that|this|the|to|his|her)\w+ )?(?:board(?! room)|committee"
    r"|council|partners['’]? meeting|trustees|procurement|head office|C[EF]O|managing director)\b",
    re.I,
)
"""Who decides by what they are, wherever they are named."""

SELF = re.compile(
    r"\b(?:I|we)(?:'ll| can| could| would|'d)? (?:sign|decide|approve)(?:s|d)?\b(?! (?:up|in"
    r"|with))|\bI (?:make|have) the (?:final |last )?(?:call|decision|say)"
    r"|\bI don't need to ask\b|\bnobody (?:else )?(?:has )?to ask\b|\bI'?(?:m| am) the (?:owner"
    r"|decision|one who (?:decides|signs|pays))"
    r"|\b(?:it's|it is|that's|that'd be) my (?:call|decision|budget)\b|\bup to me\b"
    r"|\bsign (?:for )?(?:it|that|this) myself\b|\bI(?:'d| would)? say yes or no\b"
    r"|\bthe final (?:say|word|decision) is mine\b|\bI pay for it\b",
    re.I,
)
NOT_SELF = re.compile(
    r"\b(?:can't|cannot|don't|not|won't|couldn't|never)\b[^.]{0,15}\b(?:decide|sign|approve)"
    r"|\bI'll sign (?:up|in)\b",
    re.I,
)
OTHERS = re.compile(
    rf"(?:\b(?:goes|go|going|take it|bring it|put it) (?:up |back )?(?:to|before|through)|\b(?:ask"
    rf"|convince|persuade|run (?:it|this|that) (?:past|by)|check with|talk to"
    rf"|speak to|speak with|discuss (?:it |this )?with|(?:show|explain|present|take"
    rf"|bring) (?:\w+ ){{0,3}}to|clear it with|approval (?:from|of)|sign-off from|blessing|overrule"
    rf"|up to)) (?P<after>{WHO})"
    rf"|(?P<before>{WHO})(?:,? (?:he|she|they|who))?(?:'ll|'d|'s)? (?:\w+ ){{0,2}}?(?:decides?"
    rf"|approves?|signs?|has the (?:last|final)|have the (?:last|final)"
    rf"|(?:has|have|needs?|will have|would have) to (?:\w+ )?(?:agree|approve|decide|see|sign|vote"
    rf"|say|okay|look)|makes the|has a say|has a vote|votes?|runs the (?:yard|shop|show|place)"
    rf"|holds the purse"
    rf"|handles? (?:my|our|the|all)|does my (?:papers|paperwork|finances|money)|would run it|will (?:say|want))",
)
ASKED = re.compile(
    r"\bwho(?:'s| is| are|se| would| will| has| else| decides| signs| makes| in| do| does"
    r"|m)?\b[^?]*\b(?:decides?|decision|decid\w+|say|sign\w*|involved|approv\w+|choice|choose"
    r"|committee|board|in the room|on board|agree|table|final|budget)\b[^?]*\?",
    re.I,
)
MOST = 4


def decision_makers_of(segments: Sequence[Segment]) -> list[ClaimDraft]:
    """At most one for each segment; text is the name or role."""
    found: list[ClaimDraft] = []
    for number, segment in enumerate(segments):
        if not is_buyer(segment):
            continue
        before = [other for other in segments[:number] if not is_buyer(other)][-1:]
        was_asked = bool(before) and bool(ASKED.search(before[0].text))
        claim = _decider(segment, number, was_asked=was_asked)
        if claim and not any(claim.text == other.text for other in found):
            found.append(claim)
    return found[:MOST]


def _decider(segment: Segment, number: int, *, was_asked: bool) -> ClaimDraft | None:
    sentences = cut(segment.text)
    for sentence in sentences:
        if match := OTHERS.search(sentence):
            who = match.group("after") or match.group("before")
            return ClaimDraft(text=named(who), segment=number, quote=sentence)
    for sentence in sentences:
        if SELF.search(sentence) and not NOT_SELF.search(sentence):
            return ClaimDraft(text=segment.name, segment=number, quote=sentence)
    if was_asked:
        for sentence in sentences:
            if match := re.search(WHO, sentence):
                return ClaimDraft(text=named(match.group()), segment=number, quote=sentence)
            if re.match(r"^(?:just |only |that's |that'd be )?(?:me|myself)\b", sentence, re.I):
                return ClaimDraft(text=segment.name, segment=number, quote=sentence)
    for sentence in sentences:
        if match := BODY.search(sentence):
            return ClaimDraft(text=named(match.group()), segment=number, quote=sentence)
    return None


def named(who: str) -> str:
    return shortened(capital(re.sub(r"^(?:my|our|the|his|her|their|a) ", "", who.strip(" ,."), flags=re.I)))


PRODUCT = rf"(?P<name>{NOT_A_NAME}" r"[A-Z][\w&.'’-]*[\w](?: [A-Z][\w&'’-]+)?)"
RIVAL = (
    re.compile(rf"\b(?i:demo|quote|offer|proposal|price|call|pitch|trial|contract) (?:from|with|by|of|at) {PRODUCT}"),
    re.compile(
        rf"\b(?i:sign(?:ed|ing)? (?:up )?with|switch(?:ing|ed)? to|go(?:ing)? (?:over )?(?:to|with)"
        rf"|mov(?:e|ing) to|chang(?:e|ing) to|compar\w+ (?:you |it |this |us )?(?:with|to)|looked at"
        rf"|looking at"

        rf"|talk(?:ed|ing)? to|lads (?:over )?at|guys (?:over )?at|people at|folks at|over at"
        rf"|alternative (?:is|to)|leav(?:e|ing) you for) {PRODUCT}"),
    re.compile(
        rf"\b(?:service|system|tool|provider|supplier|app|software|company|vendor|firm"
        rf"|program)(?: called|,) {PRODUCT}".replace("(?P<name>", "(")),
    re.compile(
        rf"\b(?i:we're|we are|still|currently|been) (?:on|with|using) {PRODUCT}|\b(?i:we|they) (?:use"
        rf"|run|have|tried|had) {PRODUCT}|\b(?i:using) {PRODUCT}".replace("(?P<name>", "(")),
    re.compile(
        rf"{PRODUCT} (?:is|was|were|are) (?:cheaper|offering|also|about half)|{PRODUCT} (?:offers?"
        rf"|offered|shows?|showed|made us|makes us|charges?|charged|quoted|does it|do it|can do|sent|keeps? calling"
        rf"|promised|gives?|includes?)".replace("(?P<name>", "(")),
)  # fmt: skip
RIVAL_ASKED = re.compile(
    r"\b(?:compare|comparing|vendors?|competitors?|alternatives?|other (?:providers?|suppliers?"
    r"|options?|companies|tools?)|anyone else|anybody else|who else are you|use (?:today|now"
    r"|at the moment|currently)|are you running|running for)\b[^?]*\?",
    re.I,
)


def competitors_of(segments: Sequence[Segment], own: Sequence[str]) -> list[ClaimDraft]:
    """Rivals and products in use, by name; `own` are names that are none: people's, the lead's company's, ours."""
    known = {word.casefold() for name in own for word in re.findall(r"[\w'’-]+", name)}
    known |= {word.casefold() for segment in segments for word in segment.name.split()}
    found: dict[str, ClaimDraft] = {}
    for number, segment in enumerate(segments):
        if not is_buyer(segment):
            continue
        before = [other for other in segments[:number] if not is_buyer(other)][-1:]
        was_asked = bool(before) and bool(RIVAL_ASKED.search(before[0].text))
        for sentence in cut(segment.text):
            names = [
                group for pattern in RIVAL for match in pattern.finditer(sentence) for group in match.groups() if group
            ]
            if was_asked and not names:
                names = [match.group("name") for match in re.finditer(PRODUCT, sentence)][:1]
            for name in names:
                first = name.split()[0].removesuffix("'s").removesuffix("’s")
                if first.casefold() in known or len(first) < 3:
                    continue
                found.setdefault(name.casefold(), ClaimDraft(text=name, segment=number, quote=sentence))
    return list(found.values())
