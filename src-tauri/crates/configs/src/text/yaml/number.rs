//! Numbers of YAML 1.1, as PyYAML takes them.

use super::impossible::Impossible;

/// The text without its sign, and whether that was a minus.
fn unsigned(text: &str) -> (bool, &str) {
    text.strip_prefix('-').map_or((false, text.strip_prefix('+').unwrap_or(text)), |rest| (true, rest))
}

fn all(text: &str, allowed: impl Fn(u8) -> bool) -> bool {
    text.bytes().all(|byte| byte == b'_' || allowed(byte))
}

/// A whole number in decimal digits.
pub(super) fn int(text: &str) -> Result<Option<String>, Impossible> {
    let (negative, body) = unsigned(text);
    let (radix, digits) = match body.as_bytes() {
        [b'0', b'b', rest @ ..] if !rest.is_empty() => (2, &body[2..]),
        [b'0', b'x', rest @ ..] if !rest.is_empty() => (16, &body[2..]),
        [b'0', _, ..] => (8, &body[1..]),
        [b'0'] => return Ok(Some("0".to_owned())),
        [b'1'..=b'9', ..] => (10, body),
        _ => return Ok(None),
    };
    let clean = digits.replace('_', "");
    let number = if radix == 10 && body.contains(':') {
        let mut parts = clean.split(':');
        let first = parts.next().unwrap_or_default();
        let parts: Vec<&str> = parts.collect();
        if !all(body.split(':').next().unwrap_or_default(), |b| b.is_ascii_digit())
            || !parts.iter().all(|part| is_sixtieth(part))
            || body.split(':').skip(1).any(|part| part.contains('_'))
        {
            return Ok(None);
        }
        let sum = parts.iter().try_fold(first.parse::<u128>().ok(), |sum, part| {
            Some(Some(sum?.checked_mul(60)?.checked_add(part.parse::<u128>().ok()?)?))
        });
        sum.flatten()
    } else {
        if !all(digits, |b| char::from(b).is_digit(radix)) {
            return Ok(None);
        }
        if radix == 10 {
            return Ok(Some(signed(negative, &clean)));
        }
        match (clean.is_empty(), radix) {
            // "0_" is zero, but nothing is left of "0x_".
            (true, 8) => Some(0),
            (true, _) => return Err(Impossible::Number),
            (false, _) => u128::from_str_radix(&clean, radix).ok(),
        }
    };
    // Beyond 128 bits the number is kept as it is written.
    Ok(Some(signed(negative, &number.map_or_else(|| body.to_owned(), |number| number.to_string()))))
}

fn signed(negative: bool, digits: &str) -> String {
    if negative && digits != "0" { format!("-{digits}") } else { digits.to_owned() }
}

/// Minutes or seconds: one or two digits below 60.
fn is_sixtieth(part: &str) -> bool {
    matches!(part.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9'])
}

/// A number with a point, infinity or no number at all.
pub(super) fn float(text: &str) -> Option<f64> {
    let (negative, body) = unsigned(text);
    let has_sign = body.len() < text.len();
    let sign = if negative { -1.0 } else { 1.0 };
    match body {
        ".inf" | ".Inf" | ".INF" => return Some(sign * f64::INFINITY),
        ".nan" | ".NaN" | ".NAN" if !has_sign => return Some(f64::NAN),
        _ => {}
    }
    let (whole, rest) = body.split_once('.')?;
    if let Some((first, parts)) = whole.split_once(':') {
        let fits = first.starts_with(|c: char| c.is_ascii_digit())
            && all(first, |b| b.is_ascii_digit())
            && parts.split(':').all(is_sixtieth)
            && all(rest, |b| b.is_ascii_digit());
        return fits.then(|| sixtieths(body)).flatten().map(|value| sign * value);
    }
    let (fraction, exponent) = match rest.find(['e', 'E']) {
        Some(at) => (&rest[..at], Some(&rest[at + 1..])),
        None => (rest, None),
    };
    let exponent_fits = exponent.is_none_or(|exponent| {
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or_default();
        !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
    });
    let digits_fit = if whole.is_empty() {
        // Without digits in front of the point there is no sign either.
        !has_sign && fraction.starts_with(|c: char| c.is_ascii_digit())
    } else {
        whole.starts_with(|c: char| c.is_ascii_digit()) && all(whole, |b| b.is_ascii_digit())
    };
    if !exponent_fits || !digits_fit || !all(fraction, |b| b.is_ascii_digit()) {
        return None;
    }
    body.replace('_', "").parse::<f64>().ok().map(|value| sign * value)
}

/// A number in base 60 with a fraction, summed from its end as PyYAML does, which decides the last digit.
fn sixtieths(body: &str) -> Option<f64> {
    let mut base: u128 = 1;
    let mut sum = 0.0;
    for part in body.replace('_', "").split(':').rev() {
        let digit: f64 = part.parse().ok()?;
        sum += digit * base as f64;
        base = base.saturating_mul(60);
    }
    Some(sum)
}
