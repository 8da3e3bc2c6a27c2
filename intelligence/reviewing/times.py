"""Points in time as people say them."""

import re

MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
ORDINAL = (
    r"(?:(?:twenty-|thirty-|twenty |thirty )?(?:first|second|third|fourth|fifth|sixth"
    r"|seventh|eighth|ninth)|tenth|eleventh"
    r"|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth"
    r"|twentieth|thirtieth|\d{1,2}(?:st|nd|rd|th))"
)
WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
PART = (
    r"(?: (?:morning|afternoon|evening|lunchtime|after lunch|after \w+|at (?:half past "
    r"|quarter (?:past|to) )?\w+))?"
)
COUNT = r"(?:a|one|two|three|four|five|six|seven|eight|nine|ten|twelve|a couple of|a few|\d+)"

FAR = re.compile(

        rf"(?:\b(?:the )?{ORDINAL} of {MONTH}\b|\b(?:(?:early|mid|late|end of|beginning of"
        rf"|start of|first week of|middle of) )?"

        rf"(?:(?:next|this|by|in|before|until|from|of|say|end|mid|early|late|for|or|so|to|since"
        rf"|last|till|come|around|after) ){MONTH}\b|\b{MONTH} (?:the )?{ORDINAL}\b"
    rf"|^{MONTH}\b|\b(?:January|February|April|June|July|August|September|October|November|December)\b"
    r"|\b(?:the |this |next |early |late |end of |by |in |before )*(?:spring|summer|autumn|winter|fall(?! )|season)\b"
    r"|\b(?:this|next|first|second|third|fourth|last|following) (?:quarter|year|financial year|half)\b|\bQ[1-4]\b"
    r"|\b(?:end of (?:the )?|year[- ]end|by )(?:year|quarter|month)?\b(?<=year|rter|onth|-end| end)"
    r"|\bnext month\b|\bend of (?:the|this|next) (?:month|year|quarter)\b"

        rf"|\bChristmas\b|\bEaster\b|\bThanksgiving\b|\bNew Year\b|\bthe holidays\b"
        rf"|\b(?:with)?in(?:side)? (?:the next )?{COUNT} (?:weeks|months|years)\b"

        rf"|\b(?:on|by|before|until|after) the {ORDINAL}(?=[,.;?!]|$| (?:of|and|or|so|they|we|I"
        rf"|at|but|for|because)\b)|\bnext year\b)",
    re.I,
)  # fmt: skip
"""Weeks away or more: when somebody decides, buys or goes live."""

NEAR = re.compile(
    rf"\b(?:(?:by|on|before|until|next|this|say|the) )*{WEEKDAY}{PART}\b"
    rf"|\b(?:later )?(?:today|tonight|tomorrow)(?: (?:morning|afternoon|evening))?\b"
    rf"|\bthis (?:morning|afternoon|evening|week)\b|\bnext week\b|\b(?:the )?week after(?: next)?\b"
    rf"|\b{COUNT} (?:days|weeks?) from (?:today|now)\b"
    rf"|\bright now\b|\bin {COUNT} (?:minutes|hours|days|weeks)\b|\b(?:on "
    rf"|by )?the {ORDINAL}(?: of {MONTH})?\b|\bby (?:five|six|seven|noon"
    rf"|four)(?: (?:this evening|tonight))?\b"
    rf"|\bend of (?:the )?(?:day|week|month)\b|\b(?:in|by|before) {MONTH}\b",
    re.I,
)
"""When a next step is due."""

PAST = re.compile(
    r"\b(?:last|since|because of|ago|used to|back in|yesterday|earlier this|already)\b"
    r"|\b(?:was|were|had|did|went|ran|lost|sold|said|moved|happened|called|got|sent"
    r"|started|took|came|made|paid|found|began|broke|replaced|told)\b",
    re.I,
)
