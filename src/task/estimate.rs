//! How long a command takes, from its earlier runs, and when it is worth looking at it again.

use super::store::{Store, StoreError, Task};
use std::time::Duration;

/// Earlier runs that are looked at.
const RUNS: usize = 30;

/// How long earlier runs of a command took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// Half of them took at most this long.
    pub p50: Duration,
    /// Nine in ten took at most this long.
    pub p90: Duration,
    /// How many there were.
    pub n_runs: usize,
}

/// Learns from the earlier runs of a task that came to their own end.
///
/// # Errors
/// The database cannot be read.
pub fn estimate(store: &Store, task: &Task) -> Result<Option<Estimate>, StoreError> {
    let runs = store.runs(&task.fingerprint, task.seq, RUNS)?;
    let durations = runs
        .iter()
        .filter(|run| run.state.word() == "exited")
        .filter_map(|run| u64::try_from(run.duration_ms?).ok())
        .map(Duration::from_millis)
        .collect();
    Ok(of(durations))
}

/// The estimate from these durations; `None` without any.
pub fn of(mut durations: Vec<Duration>) -> Option<Estimate> {
    durations.sort_unstable();
    let at = |percent: usize| {
        let rank = (durations.len() * percent).div_ceil(100).max(1);
        durations.get(rank - 1).copied()
    };
    Some(Estimate {
        p50: at(50)?,
        p90: at(90)?,
        n_runs: durations.len(),
    })
}

/// When the next look at a task is likely to find it over, counted from now.
///
/// With earlier runs: when half of them were over, then when nine in ten were; beyond that, and
/// without any, twice as long as it took so far.
pub fn next_look(estimate: Option<Estimate>, elapsed: Duration) -> Duration {
    let margin = |at: Duration| at + at / 10;
    let known = estimate.and_then(|estimate| {
        [margin(estimate.p50), margin(estimate.p90)]
            .into_iter()
            .find(|at| *at > elapsed)
    });
    let next = known.map_or(elapsed, |at| at - elapsed);
    Duration::from_secs(next.as_secs_f64().ceil() as u64)
        .clamp(Duration::from_secs(2), Duration::from_secs(1800))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(durations: &[u64]) -> Vec<Duration> {
        durations
            .iter()
            .map(|seconds| Duration::from_secs(*seconds))
            .collect()
    }

    #[test]
    fn percentiles_are_durations_that_were_seen() {
        let estimate = of(seconds(&[5, 1, 2, 3, 100])).unwrap();
        assert_eq!((estimate.p50.as_secs(), estimate.p90.as_secs()), (3, 100));
        assert_eq!(of(Vec::new()), None);
    }

    #[test]
    fn the_next_look_is_when_it_should_be_over() {
        let estimate = of(seconds(&[60; 10]));
        let next = |elapsed: u64| next_look(estimate, Duration::from_secs(elapsed)).as_secs();
        assert_eq!(next(0), 66);
        assert_eq!(next(50), 16);
        assert_eq!(next(100), 100);
        assert_eq!(next_look(None, Duration::from_secs(1)).as_secs(), 2);
    }
}
