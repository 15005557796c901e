#!/usr/bin/env python3
"""Writes a job log with the totals that Strubell, Ganesh, McCallum 2019 (arXiv 1906.02243, section 4.2) tell of theirs:

4,789 jobs in 123 grid searches within 172 days, 239,942 GPU-hours on Titan X (72 %) and M40 (28 %), from 3 minutes to 9
days, one final model of 120 h. Everything else is made up: bench/make_paper_log.py > FILE
"""
JOBS, SEARCHES, HOURS, DAYS = 4789, 123, 239_942, 172
FIRST = 1_514_764_800  # 2018-01-01, UTC


def lengths():
    """Seconds: the final model, a crash, the longest, and the others around their mean, in pairs that cancel."""
    known = [120 * 3600, 180, 9 * 86400]
    rest = HOURS * 3600 - sum(known)
    count = JOBS - len(known)
    mean = rest // count
    others = []
    for i in range(count // 2):
        spread = i * 7919 % (mean - 3600)
        others += [mean + spread, mean - spread]
    others[-1] += rest - sum(others)
    return known + others


def main():
    print("JobID|User|State|Start|Elapsed|AllocTRES|Comment")
    for i, seconds in enumerate(lengths()):
        start = FIRST + (DAYS * 86400 - seconds) * i // (JOBS - 1)
        state = "FAILED" if seconds < 600 else "COMPLETED"
        kind = "Titan-X" if i % 25 < 18 else "M40"
        stage = "final" if i == 0 else "tuning"
        print(f"{i + 1}|emma|{state}|{start}|{seconds}|gres/gpu:{kind}=1|stage={stage},search=s{i % SEARCHES}")


if __name__ == "__main__":
    main()
