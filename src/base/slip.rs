//! Slips of one figure, point or multiplier between two numbers.

use super::Decimal;

/// Figures that are often taken for each other, each pair both ways.
const ALIKE: [(u8, u8); 12] = [
    (b'3', b'8'),
    (b'1', b'7'),
    (b'0', b'6'),
    (b'0', b'8'),
    (b'6', b'8'),
    (b'5', b'6'),
    (b'5', b'8'),
    (b'0', b'9'),
    (b'8', b'9'),
    (b'4', b'9'),
    (b'1', b'4'),
    (b'3', b'5'),
];
/// Fewer figures than this say nothing: any small number is one figure from another.
const FEWEST_FIGURES: usize = 3;

/// Whether `a` is `b` with one figure, the point or the multiplier misread; true when it is an
/// easy slip.
#[must_use]
pub fn one_slip(a: Decimal, b: Decimal) -> Option<bool> {
    let figures = |d: Decimal| d.mantissa().unsigned_abs().to_string().into_bytes();
    let (x, y) = (figures(a), figures(b));
    if x.len() < FEWEST_FIGURES {
        return None;
    }
    let bare = |v: &[u8]| {
        let end = v.iter().rposition(|&c| c != b'0').map_or(0, |i| i + 1);
        v.get(..end).unwrap_or(v).to_vec()
    };
    // 119.9 for 1199: the point; 3.2 for 32000: the multiplier.
    if bare(&x) == bare(&y) {
        return Some(true);
    }
    if a.scale() != b.scale() {
        return None;
    }
    if x.len() == y.len() {
        let mut apart = x.iter().zip(&y).filter(|(p, q)| p != q);
        let (&p, &q) = apart.next()?;
        return apart
            .next()
            .is_none()
            .then(|| ALIKE.contains(&(p, q)) || ALIKE.contains(&(q, p)));
    }
    let (long, short) = if x.len() > y.len() { (x, y) } else { (y, x) };
    if long.len() != short.len() + 1 {
        return None;
    }
    let same = long.iter().zip(&short).take_while(|(p, q)| p == q).count();
    (long.get(same + 1..) == short.get(same..)).then_some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips() {
        let slip = |a: &str, b: &str| one_slip(a.parse().unwrap(), b.parse().unwrap());
        assert_eq!(slip("897.5", "887.5"), Some(true));
        assert_eq!(slip("827.5", "887.5"), Some(false));
        assert_eq!(slip("897.5", "787.5"), None);
        assert_eq!(slip("1199", "119.9"), Some(true));
        assert_eq!(slip("5509", "55009"), Some(true));
        assert_eq!(slip("12", "18"), None);
    }
}
