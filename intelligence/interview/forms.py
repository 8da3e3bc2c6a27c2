"""What an answer to a question must look like: an amount, a time, a person. Rules over words, for English."""

import re
from enum import StrEnum

from domain.question_set import Question, QuestionType


class Form(StrEnum):
    NUMBER = "number"  # of things
    MONEY = "money"
    SPAN = "span"  # how long, how often
    TIME = "time"
    PERSON = "person"
    NAME = "name"
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"  # "I don't know" is an answer too, and a useful one


COUNT = (
    r"zero|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[- ](?:one|two|three|four"
    r"|five|six"
    r"|seven|eight|nine))?|hundreds?|thousands?"
    r"|millions?|billions?|dozens?|a couple|a few|a handful|half|twice|once|none|\d[\d.,]*k?"
)
AMOUNT = rf"(?:{COUNT}|one)(?:[ -]+(?:and )?(?:{COUNT}|one))*"
PERIOD = (
    r"january|february|march|april|june|july|august|september|october|november|december|(?:in|by|of|until|before|mid|"
    r"late|early|this|next) may|monday|tuesday|wednesday|thursday|friday|saturday|sunday|spring|summer|autumn|winter"
    r"|quarter|christmas|easter|thanksgiving|new year|new year'?s"
)
FORMS: dict[Form, re.Pattern[str]] = {
    Form.NUMBER: re.compile(
        rf"\b(?:{COUNT}|just one|only one|one (?:of us|person|thing|percent|a|in|or)|most|nearly all|hardly any"
        r")\b|^(?:just |only |about |maybe |say )?one\b(?! (?:of|day|thing))"
    ),
    Form.MONEY: re.compile(
        rf"[$€£]\s?\d|\b(?:(?:{AMOUNT})[ -](?:[a-z-]+ ){{0,3}}?(?:pounds?|dollars?|euros?|quid|bucks|grand"
        rf"|francs?|cents?|pence)"
        rf"|(?:pay\w*|spen[dt]\w*|cost\w*|charges?|budget|invest\w*|worth)\b[^.?!]{{0,30}}?\b(?:{AMOUNT}))\b"
    ),
    Form.SPAN: re.compile(
        rf"\b(?:(?:{AMOUNT}|an?)[ -](?:(?:more|full|whole|working|business|long|short) )?(?:times?|seconds?"
        rf"|minutes?|hours?|days?|weeks?|months?|years?)"
        r"|once|twice|every (?:day|week|month|year|time|morning|hour)|daily|weekly|monthly|yearly|rarely"
        r"|constantly|never"
        r"|all the time|most of the|since|forever)\b"
    ),
    Form.TIME: re.compile(
        rf"\b(?:{PERIOD}|(?:today|tomorrow|yesterday|asap|immediately|soon|straight away|right away)"
        r"|as soon as|(?:next|last|this|end of|start of|beginning of|middle of|by|before|after|within|until"
        r"|since|per|a|in"
        r"|every|each|few|couple of) (?:the )?(?:\w+ )?(?:weeks?|months?|quarters?|years?|days?|season|term|semester)"
        r"|(?:weeks?|months?|years?|days?) (?:ago|from now|or so|at most|at least)|rush|hurry|deadline"
        r"|20[2-9]\d|q[1-4])\b|^(?:right )?now\W*$"
    ),
    Form.PERSON: re.compile(
        r"\b(?:me|myself|i (?:do|am|decide|sign|choose|pay|approve)|i'm|we (?:do|decide|all)|both of us|us"
        r"|boss|managers?|directors?|owners?|cfo|ceo|cto|coo|cio|ciso|vp|president|chair\w*|board|trustees|council"
        r"|partners?|wife|husband|brother|sister|father|mother|dad|mum|mom|son|daughter|cousin|uncle|aunt|accountant"
        r"|procurement|purchasing|finance|controller|legal|hr|head of|head office|headquarters|team|committee"
        r"|principal"
        r"|colleagues?|supervisor|foreman|lead|leadership|management|investors?|shareholders?|union|everyone"
        r"|everybody"
        r"|nobody|no one|no-one|it department|chief|officer|secretary|assistant|architect|engineer|admin)\b"
    ),
    Form.YES: re.compile(
        r"^(?:\W|well|oh|um|uh|er|so|i mean)*(?:yes|yeah|yep|yup|sure|correct|absolutely|definitely|of course|exactly"
        r"|certainly|indeed|we do|i do|we have|i have|we are|i am|there is|there are|it does|it is|we can|i can)\b"
    ),
    Form.NO: re.compile(
        r"^(?:\W|well|oh|um|uh|er|so|i mean)*(?:no|nope|nah|not|never|none|nothing|nobody)\b"
        r"|\b(?:don't|do not|doesn't|haven't|hasn't|isn't|aren't|there's no|there is no|we have no|no budget|not yet"
        r"|nothing(?:'s| is| has)?|none)\b"
    ),
    Form.UNKNOWN: re.compile(
        r"\b(?:don'?t (?:really )?know|do not know|no idea|not sure|couldn'?t (?:tell|say)|can'?t (?:tell|say)"
        r" (?:you )?(?:yet|"
        r"exactly|off)|hard to say|have to ask|need to ask|would know|don'?t have (?:a|the|an) (?:number|figure"
        r"|date|answer)"
        r"|haven'?t (?:decided|thought|worked|figured|discussed|looked)|depends|to be decided|up in the air"
        r"|undecided)\b"
    ),
}

EXPECTED: tuple[tuple[re.Pattern[str], frozenset[Form]], ...] = tuple(
    (re.compile(pattern), forms)
    for pattern, forms in (
        (
            r"\bwho(?:se|m)?(?: else| will| has| is| would)?\b(?!.*\bhow (?:many|much)\b)"
            r"|\bwhich (?:people|person|departments?|roles?|colleagues)\b",
            frozenset({Form.PERSON, Form.NAME}),
        ),
        (r"\bhow (?:urgent|important|likely|satisfied|happy|confident)\b.*\bscale\b", frozenset({Form.NUMBER})),
        (
            r"\bhow (?:soon|quickly|long (?:until|before|till))\b|^(?:and |so |by |since |until )*when\b|\bwhen"
            r" (?:do|does|did|will|would|can|could|should|is|must)\b|\bby what (?:date|time)\b|\bdeadline\b"
            r"|\btime ?(?:line|frame|scale)s?\b|\bwhat (?:date|month|year)\b|\bgo-?live date\b",
            frozenset({Form.TIME}),
        ),
        (
            r"\bbudget\b|\b(?:does|do|would|did|will|can) .*\bcosts?\b|\bspend(?:ing)?\b|\bprice\b|\bmoney\b"
            r"|\binvest\b"
            r"|\bafford\b|\b(?:you|to|be) pay(?:ing)?\b|\bfee\b|\bpremium\b|\bbill\b",
            frozenset({Form.NUMBER, Form.MONEY}),
        ),
        (r"\bhow (?:often|long|frequently)\b", frozenset({Form.SPAN, Form.TIME})),
        (
            r"\bhow (?:many (?:hours|days|weeks|months|years|times|minutes)|much time)\b",
            frozenset({Form.SPAN, Form.NUMBER}),
        ),
        (
            r"\bhow (?:many|much|large|big|far|high)\b|\bnumber of\b|\bwhat (?:share|percentage|percent|size"
            r"|volume)\b",
            frozenset({Form.NUMBER}),
        ),
    )
)
YES_NO = re.compile(
    r"^(?:and |so |then )?(?:do|does|did|is|are|was|were|have|has|had|can|could|would|will|should)\b", re.IGNORECASE
)
NAME = re.compile(r"(?<![.?!]\s)(?<!^)\b(?!I\b|I')[A-Z][a-zA-Z]+")

MONTHS = "january february march april may june july august september october november december christmas easter"
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday"
CALENDAR = frozenset([*MONTHS.split(), *WEEKDAYS.split(), *(f"{day}s" for day in WEEKDAYS.split())])
"""Written with a capital, and no names."""


def expected_in(text: str) -> frozenset[Form]:
    """Forms of which an answer to a question with this text has at least one; empty: anything may answer it."""
    lower = text.lower()
    return next((forms for pattern, forms in EXPECTED if pattern.search(lower)), frozenset())


def expected_of(question: Question) -> frozenset[Form]:
    if question.type is QuestionType.RATING:
        return frozenset({Form.NUMBER})
    if question.type is QuestionType.MULTIPLE_CHOICE and any(re.search(r"\d", option) for option in question.options):
        return frozenset({Form.NUMBER})
    return expected_in(question.text)


def is_yes_no(question: Question) -> bool:
    return bool(YES_NO.match(question.text.strip()))


CLOCK = re.compile(
    r"\b(?:after|at|before|until|till|past|room|from) (?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine"
    r"|ten|eleven|twelve)"
    r"(?: (?:to|till|until) (?:\d{1,2}|\w+))?(?: o'clock| in the \w+)?(?=[.,!?]|$| (?:i|we|it|nobody|and|but|so"
    r"|on)\b)"
)
"""A number that is an hour, and no amount."""


def forms_in(text: str) -> frozenset[Form]:
    lower = CLOCK.sub(" ", text.lower().replace("’", "'"))
    found = {form for form, pattern in FORMS.items() if pattern.search(lower)}
    if Form.NUMBER in found and not FORMS[Form.NUMBER].search(
        FORMS[Form.SPAN].sub(" ", FORMS[Form.MONEY].sub(" ", lower))
    ):
        found.discard(Form.NUMBER)
    if any(name.lower() not in CALENDAR for name in NAME.findall(text)):
        found.add(Form.NAME)
    return frozenset(found)
