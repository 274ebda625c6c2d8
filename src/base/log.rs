//! Natural logarithms in whole hundredths, for adding up evidence without floating point.

/// `100 × ln(x)`, rounded down to the precision of 8 binary digits of the logarithm to base 2;
/// 0 for `x` = 0. Exact in the sense that every machine gives the same.
///
/// ```
/// use gongbao::base::log::ln_percent;
/// assert_eq!(ln_percent(1), 0);
/// assert!((229..=231).contains(&ln_percent(10)));
/// ```
#[must_use]
pub fn ln_percent(x: u32) -> i32 {
    if x < 2 {
        return 0;
    }
    let whole = x.ilog2();
    // Mantissa in [1, 2) with 31 fraction digits; squaring it doubles its logarithm.
    let mut mantissa = u64::from(x) << (31 - whole);
    let mut bits = whole;
    for _ in 0..8 {
        mantissa = (mantissa * mantissa) >> 31;
        bits <<= 1;
        if mantissa >= 1 << 32 {
            mantissa >>= 1;
            bits |= 1;
        }
    }
    // ln 2 = 0.693147…; bits counts 256ths of a doubling.
    ((u64::from(bits) * 693_147) / 2_560_000) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        for (x, want) in [
            (2, 69),
            (3, 109),
            (7, 194),
            (18, 289),
            (40, 368),
            (1000, 690),
        ] {
            assert!((ln_percent(x) - want).abs() <= 1, "{x}: {}", ln_percent(x));
        }
        assert_eq!(ln_percent(0), 0);
        assert!((1..5000).all(|x| ln_percent(x) <= ln_percent(x + 1)));
    }
}
