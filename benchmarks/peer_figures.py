"""Figures over the meter's runs of Parley and the programs beside it."""

import random
from collections.abc import Sequence
from statistics import median
from typing import Any

BOOTSTRAP_DRAWS = 2_000


def values(what: str, runs: Sequence[dict[str, Any]]) -> list[float]:
    """What is compared, of all rounds together: ms, for density CPU-ms for each second and participant."""
    match what:
        case "answer":
            rounds = [each for run in runs for each in run["rounds"]]
            return [each["answer_ms"] for each in rounds if not each["pause_s"] and each["answer_ms"] is not None]
        case "barge":
            rounds = [each for run in runs for each in run["rounds"]]
            return [each["stop_ms"] for each in rounds if each["kind"] == "interrupt" and each["stop_ms"] is not None]
        case "nudge":
            rounds = [each for run in runs for each in run["rounds"]]
            return [each["nudge_ms"] for each in rounds if each["trigger"] and each["nudge_ms"] is not None]
        case "words":
            return [value for run in runs for value in run["final_after_each_ms"]]
        case _:
            return [run["per_participant"]["cpu_ms_per_participant_s"] for run in runs]


def beside(what: str, runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What must be read together with the comparison, or it could be bought with the other."""
    match what:
        case "answer":
            kinds = runs[0]["cut_ins"]
            cut_ins = {
                kind: [
                    sum(run["cut_ins"][kind]["cut_in"] for run in runs),
                    sum(run["cut_ins"][kind]["n"] for run in runs),
                ]
                for kind in kinds
            }
            return {"cut_ins": cut_ins, "no_answer": sum(run["no_answer"] for run in runs)}
        case "barge":
            stops = {
                kind: [
                    sum(run["false_stops"][kind]["stopped"] for run in runs),
                    sum(run["false_stops"][kind]["n"] for run in runs),
                ]
                for kind in ("backchannel", "noise")
            }
            stopped = [sum(run["interrupts"]["stopped"] for run in runs), sum(run["interrupts"]["n"] for run in runs)]
            return {"stopped": stopped, "false_stops": stops}
        case "nudge":
            return {
                "missed": sum(run["missed"] for run in runs),
                "false": [
                    sum(run["false_nudges"]["nudged"] for run in runs),
                    sum(run["false_nudges"]["n"] for run in runs),
                ],
                "leaks": sum(len(run["leaks"]) for run in runs),
            }
        case "words":
            return {
                "word_error": [run["wer"] for run in runs],
                "right_speaker": [
                    sum(run["right_speaker"]["right"] for run in runs),
                    sum(run["right_speaker"]["n"] for run in runs),
                ],
            }
        case _:
            return {
                "pss_mb": [run["loaded"]["total"]["pss_mb"] for run in runs],
                "pss_over_idle_mb_each": [run["per_participant"]["marginal_pss_mb_per_participant"] for run in runs],
                "listened_to": [run["listened_to"] for run in runs],
            }


def headline(what: str, runs: Sequence[dict[str, Any]]) -> str:
    found = values(what, runs)
    return (
        f"{median(found):.0f} (n={len(found)}) {beside(what, runs)}"
        if found
        else f"nothing measured {beside(what, runs)}"
    )


def ratio(ours: Sequence[float], theirs: Sequence[float], seed: int = 1) -> dict[str, float] | None:
    """Median over median, with the middle 95 % of bootstrap draws; below 1 we need less."""
    if not ours or not theirs:
        return None
    draw = random.Random(seed)
    draws = sorted(
        median(draw.choices(ours, k=len(ours))) / median(draw.choices(theirs, k=len(theirs)))
        for _ in range(BOOTSTRAP_DRAWS)
    )
    low, high = draws[int(0.025 * BOOTSTRAP_DRAWS)], draws[int(0.975 * BOOTSTRAP_DRAWS) - 1]
    return {"ratio": round(median(ours) / median(theirs), 3), "low": round(low, 3), "high": round(high, 3)}


def summary(what: str, found: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    table: dict[str, Any] = {}
    for name, runs in found.items():
        each = values(what, runs)
        table[name] = {
            "n": len(each),
            "median": round(median(each), 1) if each else None,
            "values": each,
            **beside(what, runs),
        }
        table[name]["load_average"] = [round(run["load_avg_end"][0], 2) for run in runs]
    for name in ("stock", "tuned"):
        table[f"parley_over_{name}"] = ratio(values(what, found["parley"]), values(what, found[name]))
    return table
