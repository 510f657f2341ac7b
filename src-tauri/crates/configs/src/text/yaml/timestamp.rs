//! Dates and times of YAML 1.1, as PyYAML takes them.

use jiff::civil::{Date, Time};

use super::impossible::Impossible;

/// A date, or a date and a time, as Python's `isoformat` writes it.
pub(super) fn timestamp(text: &str) -> Result<Option<String>, Impossible> {
    let Some((date, rest)) = date_fields(text) else { return Ok(None) };
    let [year, month, day] = date;
    // Python has no year 0; its calendar is the same otherwise.
    let date = Date::new(year, i8::try_from(month).unwrap_or(-1), i8::try_from(day).unwrap_or(-1))
        .ok()
        .filter(|_| year > 0);
    if rest.is_empty() {
        return if text.len() == "2024-01-31".len() {
            date.map(|date| Some(date.to_string())).ok_or(Impossible::Date)
        } else {
            Ok(None)
        };
    }
    let Some((clock, zone)) = clock_fields(rest) else { return Ok(None) };
    let [hour, minute, second, micros] = clock;
    let part = |value: i32| i8::try_from(value).unwrap_or(-1);
    let time =
        Time::new(part(hour), part(minute), part(second), micros * 1000).map_err(|_| Impossible::Date)?;
    let date = date.ok_or(Impossible::Date)?;
    let zone = match zone {
        None => String::new(),
        Some((sign, hours, minutes)) => {
            let total = hours * 60 + minutes;
            if total >= 24 * 60 {
                return Err(Impossible::Date);
            }
            let sign = if total == 0 { '+' } else { sign };
            format!("{sign}{:02}:{:02}", total / 60, total % 60)
        }
    };
    let fraction = if micros == 0 { String::new() } else { format!(".{micros:06}") };
    let (hour, minute, second) = (time.hour(), time.minute(), time.second());
    Ok(Some(format!("{date}T{hour:02}:{minute:02}:{second:02}{fraction}{zone}")))
}

/// Splits off up to `most` digits, at least `least`.
fn digits(text: &str, least: usize, most: usize) -> Option<(i32, &str)> {
    let length = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    (length >= least).then(|| (text[..length].parse().unwrap_or(0), &text[length..]))
}

fn date_fields(text: &str) -> Option<([i16; 3], &str)> {
    let (year, rest) = digits(text, 4, 4)?;
    let (month, rest) = digits(rest.strip_prefix('-')?, 1, 2)?;
    let (day, rest) = digits(rest.strip_prefix('-')?, 1, 2)?;
    let part = |value: i32| i16::try_from(value).ok();
    Some(([part(year)?, part(month)?, part(day)?], rest))
}

/// The sign, hours and minutes of a time zone.
type Zone = (char, i32, i32);

/// Hour, minute, second and microseconds after a date, and the time zone.
fn clock_fields(text: &str) -> Option<([i32; 4], Option<Zone>)> {
    let blank = |c: char| c == ' ' || c == '\t';
    let after = text.strip_prefix(['T', 't']).or_else(|| {
        let rest = text.trim_start_matches(blank);
        (rest.len() < text.len()).then_some(rest)
    })?;
    let (hour, rest) = digits(after, 1, 2)?;
    let (minute, rest) = digits(rest.strip_prefix(':')?, 2, 2)?;
    let (second, mut rest) = digits(rest.strip_prefix(':')?, 2, 2)?;
    let mut micros = 0;
    if let Some(fraction) = rest.strip_prefix('.') {
        let length = fraction.bytes().take_while(u8::is_ascii_digit).count();
        let kept: String = fraction[..length].chars().take(6).collect();
        micros = format!("{kept:0<6}").parse().unwrap_or(0);
        rest = &fraction[length..];
    }
    let clock = [hour, minute, second, micros];
    let zone = rest.trim_start_matches(blank);
    if rest.is_empty() {
        return Some((clock, None));
    }
    if zone == "Z" {
        return Some((clock, Some(('+', 0, 0))));
    }
    let sign = zone.chars().next().filter(|c| matches!(c, '+' | '-'))?;
    let (hours, rest) = digits(&zone[1..], 1, 2)?;
    let minutes = match rest.strip_prefix(':') {
        Some(rest) => digits(rest, 2, 2).filter(|(_, rest)| rest.is_empty())?.0,
        None if rest.is_empty() => 0,
        None => return None,
    };
    Some((clock, Some((sign, hours, minutes))))
}
