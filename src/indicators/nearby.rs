//! Where in a list that goes along with the text its next entry stands, without searching for it: the
//! grammar asks that of times and words some ten times a number.

use crate::quantities::Time;

/// How many bytes of text lie between two entries of [`Nearby`].
const BLOCK: usize = 64;

/// For every block of the text, how many entries of a list stand before it.
#[derive(Debug, Default)]
pub(super) struct Nearby {
    before: Vec<u32>,
}

impl Nearby {
    /// The next entry of the list stands at byte `at`; `known` stand before it.
    pub(super) fn add(&mut self, at: u32, known: usize) {
        while self.before.len() * BLOCK <= at as usize {
            self.before.push(known as u32);
        }
    }

    /// The first of `list` at byte `at` or behind it; `start` says where they stand.
    pub(super) fn first<T>(&self, list: &[T], at: u32, start: impl Fn(&T) -> u32) -> usize {
        let block = self.before.get(at as usize / BLOCK);
        let Some(&from) = block else {
            return list.len();
        };
        let behind = list.get(from as usize..).unwrap_or(&[]).iter();
        from as usize + behind.take_while(|entry| start(entry) < at).count()
    }
}

/// The times of a page.
#[derive(Debug)]
pub(super) struct Times<'a> {
    all: &'a [Time],
    nearby: Nearby,
}

impl<'a> Times<'a> {
    pub(super) fn new(all: &'a [Time]) -> Self {
        let mut nearby = Nearby::default();
        for (known, time) in all.iter().enumerate() {
            nearby.add(time.span.start, known);
        }
        Self { all, nearby }
    }

    /// Those from the first on that starts at byte `at` or behind it.
    pub(super) fn from(&self, at: u32) -> &'a [Time] {
        self.all.get(self.starting(at)..).unwrap_or(&[])
    }

    /// Those that start before byte `at`.
    pub(super) fn before(&self, at: u32) -> &'a [Time] {
        self.all.get(..self.starting(at)).unwrap_or(&[])
    }

    /// Those from the first on that ends behind byte `at`.
    pub(super) fn ending_behind(&self, at: u32) -> &'a [Time] {
        let mut from = self.starting(at);
        while let Some(before) = from.checked_sub(1)
            && self.all.get(before).is_some_and(|t| t.span.end > at)
        {
            from = before;
        }
        self.all.get(from..).unwrap_or(&[])
    }

    fn starting(&self, at: u32) -> usize {
        self.nearby.first(self.all, at, |time| time.span.start)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Nearby;

    proptest! {
        #[test]
        fn the_first_is_that_of_a_search(
            mut list in prop::collection::vec(0..1000_u32, 0..40),
            places in prop::collection::vec(0..1200_u32, 1..20),
        ) {
            list.sort_unstable();
            let mut nearby = Nearby::default();
            for (known, &at) in list.iter().enumerate() {
                nearby.add(at, known);
            }
            for at in places {
                let expected = list.partition_point(|&start| start < at);
                prop_assert_eq!(nearby.first(&list, at, |&start| start), expected, "{}", at);
            }
        }
    }
}
