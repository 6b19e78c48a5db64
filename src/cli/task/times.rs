//! Durations and sizes, as they are typed and as they are shown.

use std::time::Duration;

/// Reads a duration: `5s`, `500ms`, `2m`, `1.5h`, `7d`; a bare number is seconds.
pub fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is no duration; 5s, 500ms, 2m, 1.5h and 7d are");
    let at = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let number: f64 = text[..at].parse().map_err(|_| wrong())?;
    let unit = match text[at..].trim() {
        "" | "s" | "sec" => 1.0,
        "ms" => 0.001,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        "d" => 86_400.0,
        _ => return Err(wrong()),
    };
    Duration::try_from_secs_f64(number * unit).map_err(|_| wrong())
}

/// Reads a size in bytes: `100M`, `2G`, `64k`.
pub fn size(text: &str) -> Result<u64, String> {
    let wrong = || format!("`{text}` is no size; 100M, 2G and 64k are");
    let at = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let number: u64 = text[..at].parse().map_err(|_| wrong())?;
    let unit = match text[at..]
        .trim()
        .to_ascii_lowercase()
        .trim_end_matches("ib")
        .trim_end_matches('b')
    {
        "" => 1,
        "k" => 1 << 10,
        "m" => 1 << 20,
        "g" => 1 << 30,
        _ => return Err(wrong()),
    };
    number.checked_mul(unit).ok_or_else(wrong)
}

/// `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`.
pub fn shown(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    if seconds < 9.95 {
        return format!("{seconds:.1} s");
    }
    let seconds = seconds.round() as u64;
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7200 if seconds.is_multiple_of(60) => format!("{} min", seconds / 60),
        120..7200 => format!("{} min {} s", seconds / 60, seconds % 60),
        7200..172_800 => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
        _ => format!("{} d {} h", seconds / 86_400, seconds % 86_400 / 3600),
    }
}

/// `512 B`, `4.2 KB`, `1.3 GB`.
pub fn bytes(count: u64) -> String {
    let mut number = count as f64;
    for unit in ["B", "KB", "MB", "GB"] {
        if number < 1000.0 && unit == "B" {
            return format!("{count} B");
        }
        if number < 1000.0 || unit == "GB" {
            return format!("{number:.1} {unit}");
        }
        number /= 1000.0;
    }
    format!("{count} B")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_people_write_them() {
        let cases = [
            ("5", 5000),
            ("5s", 5000),
            ("500ms", 500),
            ("2m", 120_000),
            ("1.5h", 5_400_000),
        ];
        for (text, ms) in cases {
            assert_eq!(duration(text).unwrap().as_millis(), ms, "{text}");
        }
        for odd in ["", "s", "-1s", "5 years", "1e300s", "."] {
            assert!(duration(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn sizes_are_read_and_shown() {
        assert_eq!(size("64k"), Ok(65_536));
        assert_eq!(size("2GiB"), Ok(2 << 30));
        assert!(size("x").is_err() && size("999999999999G").is_err());
        assert_eq!(bytes(999), "999 B");
        assert_eq!(bytes(4200), "4.2 KB");
        assert_eq!(shown(Duration::from_millis(400)), "0.4 s");
        assert_eq!(shown(Duration::from_secs(200)), "3 min 20 s");
    }
}
