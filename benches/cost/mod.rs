//! What runs cost: processor time and wall time, and their medians. Shared by benchmarks.

use std::time::Instant;

/// What one run cost.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    /// Seconds of processor time.
    pub cpu: f64,
    /// Seconds on the clock.
    pub wall: f64,
}

/// Runs by name, in the order in which the names were first seen.
#[derive(Default)]
pub struct Medians {
    runs: Vec<(&'static str, Vec<Cost>)>,
}

impl Medians {
    /// Runs `work`, notes what it cost and passes on what it returned.
    pub fn add<T>(&mut self, name: &'static str, work: impl FnOnce() -> T) -> T {
        let (cpu, wall) = (cpu_seconds(), Instant::now());
        let result = std::hint::black_box(work());
        let cost = Cost {
            wall: wall.elapsed().as_secs_f64(),
            cpu: cpu_seconds() - cpu,
        };
        self.note(name, cost);
        result
    }

    /// Notes what a run cost that was measured elsewhere.
    pub fn note(&mut self, name: &'static str, cost: Cost) {
        match self.runs.iter_mut().find(|(known, _)| *known == name) {
            Some((_, costs)) => costs.push(cost),
            None => self.runs.push((name, vec![cost])),
        }
    }

    /// The medians of the runs with this name.
    pub fn cost(&self, name: &str) -> Cost {
        self.all()
            .find(|(known, _)| *known == name)
            .map(|(_, cost)| cost)
            .unwrap_or_default()
    }

    /// The medians of all, by name.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, Cost)> + '_ {
        self.runs.iter().map(|(name, costs)| {
            let of = |part: fn(&Cost) -> f64| median(costs.iter().map(part).collect());
            (
                *name,
                Cost {
                    cpu: of(|cost| cost.cpu),
                    wall: of(|cost| cost.wall),
                },
            )
        })
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    match values.len() {
        0 => 0.0,
        n => f64::midpoint(values[(n - 1) / 2], values[n / 2]),
    }
}

/// User and system seconds of this process, its threads and the children it has waited for.
#[cfg(unix)]
#[expect(unsafe_code, reason = "the standard library has no processor time")]
pub fn cpu_seconds() -> f64 {
    use std::ffi::{c_int, c_long};
    const SELF: c_int = 0;
    const CHILDREN: c_int = -1;
    unsafe extern "C" {
        fn getrusage(who: c_int, usage: *mut c_long) -> c_int;
    }
    let of = |who| {
        let mut usage: [c_long; 64] = [0; 64];
        // SAFETY: `struct rusage` is 18 words on 64-bit unix systems, and the buffer has room for 64,
        // aligned as its members are. It begins with two `timeval`s, user and system time, each a word
        // of seconds and a field of microseconds in the next word, of which some systems set the lower half.
        unsafe { getrusage(who, usage.as_mut_ptr()) };
        let microseconds = |word: c_long| f64::from(word as i32) / 1e6;
        (usage[0] + usage[2]) as f64 + microseconds(usage[1]) + microseconds(usage[3])
    };
    of(SELF) + of(CHILDREN)
}
