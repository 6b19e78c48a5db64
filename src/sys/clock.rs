//! Clocks: the one on the wall, for people, and the one since the machine started, for deadlines
//! that must outlive a process. The first may jump; the second only begins anew with a boot.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970 by the clock on the wall, which may jump.
pub fn wall_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    })
}

/// Time since the machine started, suspension included where the system tells. Comparable
/// between processes as long as [`boot`] is the same.
pub fn uptime() -> Duration {
    let text = std::fs::read_to_string("/proc/uptime").unwrap_or_default();
    let seconds = text
        .split(' ')
        .next()
        .and_then(|word| word.parse::<f64>().ok());
    match seconds {
        Some(seconds) if seconds.is_finite() && seconds >= 0.0 => Duration::from_secs_f64(seconds),
        // Systems without /proc: the wall is all there is.
        _ => Duration::from_millis(u64::try_from(wall_ms()).unwrap_or(0)),
    }
}

/// A name of this boot of the machine: a new one after every start. Empty where the system has
/// none; then a reboot is seen by locks that are free, and told less well.
pub fn boot() -> String {
    let text = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    text.trim().to_owned()
}
