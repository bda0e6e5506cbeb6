"""Speeds of other packages on the same numbers: python peers.py CLEAN SHIFTED (files of doubles). Prints JSON."""

import json
import sys
import time
from array import array
from importlib.metadata import version


def read(path):
    values = array("d")
    with open(path, "rb") as file:
        values.frombytes(file.read())
    return values


def rate(run, n, repeats=3):
    """Observations a second, the median of some repeats after one to warm up."""
    run()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return n / sorted(times)[repeats // 2]


def page_hinkley(clean, shifted):
    from river import drift

    xs = list(clean[:100_000])

    def run():
        detector = drift.PageHinkley()
        for x in xs:
            detector.update(x)

    return "river", "river PageHinkley", rate(run, len(xs))


def bocpd(clean, shifted):
    import changepoint

    xs = list(clean[:2000])

    def run():
        detector = changepoint.Bocpd(changepoint.Prior.normal_gamma(0.0, 1.0, 1.0, 1.0), 100.0)
        for x in xs:
            detector.step(x)

    return "changepoint", "changepoint (Rust, 2000 points)", rate(run, len(xs))


def bocpd_shifted(clean, shifted):
    import changepoint

    xs = list(shifted[:2000])

    def run():
        detector = changepoint.Bocpd(changepoint.Prior.normal_gamma(0.0, 1.0, 1.0, 1.0), 100.0)
        for x in xs:
            detector.step(x)

    return "changepoint", "changepoint (Rust, 2000 points)", rate(run, len(xs))


def focus(clean, shifted):
    from changepoint_online import Focus, Gaussian

    xs = list(clean[:5000])

    def run():
        detector = Focus(Gaussian(loc=0))
        for x in xs:
            detector.update(x)
            detector.statistic()

    return "changepoint_online", "changepoint_online (Python)", rate(run, len(xs))


def kernel(clean, shifted):
    import numpy
    import ruptures

    xs = numpy.frombuffer(shifted[:100_000], dtype=float).reshape(-1, 1)

    def run():
        return ruptures.KernelCPD(kernel="linear", min_size=2).fit(xs).predict(pen=3 * 11.5)

    return "ruptures", "ruptures KernelCPD (C)", rate(run, len(xs), 1)


def pelt(clean, shifted):
    import numpy
    import ruptures

    xs = numpy.frombuffer(shifted[:2000], dtype=float).reshape(-1, 1)

    def run():
        return ruptures.Pelt(model="l2", min_size=2, jump=1).fit(xs).predict(pen=3 * 7.6)

    return "ruptures", "ruptures Pelt (Python, 2000 points)", rate(run, len(xs), 1)


PEERS = {"cusum": page_hinkley, "bocpd": bocpd, "bocpd shifted": bocpd_shifted, "focus": focus, "pelt": kernel, "pelt short": pelt}


def main():
    clean, shifted = read(sys.argv[1]), read(sys.argv[2])
    found = {}
    for row, measure in PEERS.items():
        try:
            package, name, speed = measure(clean, shifted)
            found[row] = {"name": f"{name} {version(package)}", "rate": speed}
        except Exception as reason:  # a peer that does not run is a line in the table, not a failure
            found[row] = {"missing": f"{type(reason).__name__}: {reason}"}
    print(json.dumps(found))


main()
