//! Which of the old is which of the new.

use std::collections::{BTreeMap, VecDeque};

/// Pairs of old and new, each by its number.
#[derive(Debug, Clone)]
pub(super) struct Pairs {
    of_old: Vec<Option<usize>>,
    of_new: Vec<Option<usize>>,
}

impl Pairs {
    /// None yet, of so many.
    pub fn new(old: usize, new: usize) -> Self {
        Self {
            of_old: vec![None; old],
            of_new: vec![None; new],
        }
    }

    /// Pairs those left over that have the same key, in their order; none is left over for good.
    pub fn by<K: Ord>(
        &mut self,
        old: impl Fn(usize) -> Option<K>,
        new: impl Fn(usize) -> Option<K>,
    ) -> &mut Self {
        let mut waiting: BTreeMap<K, VecDeque<usize>> = BTreeMap::new();
        for j in self.added() {
            if let Some(key) = new(j) {
                waiting.entry(key).or_default().push_back(j);
            }
        }
        for i in self.removed() {
            let found = old(i).and_then(|key| waiting.get_mut(&key)?.pop_front());
            if let Some(j) = found {
                self.join(i, j);
            }
        }
        self
    }

    /// Makes a pair of two that have none.
    pub fn join(&mut self, old: usize, new: usize) {
        if let (Some(of_old), Some(of_new)) = (self.of_old.get_mut(old), self.of_new.get_mut(new))
            && of_old.is_none()
            && of_new.is_none()
        {
            (*of_old, *of_new) = (Some(new), Some(old));
        }
    }

    /// The new one of this old one.
    pub fn new_of(&self, old: usize) -> Option<usize> {
        self.of_old.get(old).copied().flatten()
    }

    /// The old one of this new one.
    pub fn old_of(&self, new: usize) -> Option<usize> {
        self.of_new.get(new).copied().flatten()
    }

    /// All pairs, in the order of the old.
    pub fn both(&self) -> impl Iterator<Item = (usize, usize)> {
        let pairs = self.of_old.iter().enumerate();
        pairs.filter_map(|(i, j)| Some((i, (*j)?)))
    }

    /// The old ones without a new one.
    pub fn removed(&self) -> Vec<usize> {
        alone(&self.of_old)
    }

    /// The new ones without an old one.
    pub fn added(&self) -> Vec<usize> {
        alone(&self.of_new)
    }

    /// The pairs that stand in another order than the others, as few as that can be, by the old.
    pub fn moved(&self) -> Vec<usize> {
        let pairs: Vec<(usize, usize)> = self.both().collect();
        let new: Vec<usize> = pairs.iter().map(|&(_, j)| j).collect();
        let kept = longest_ascent(&new);
        let pairs = pairs.iter().enumerate();
        let moved = pairs.filter(|(at, _)| kept.binary_search(at).is_err());
        moved.map(|(_, &(i, _))| i).collect()
    }
}

fn alone(of: &[Option<usize>]) -> Vec<usize> {
    let all = of.iter().enumerate();
    all.filter(|(_, other)| other.is_none())
        .map(|(i, _)| i)
        .collect()
}

/// Positions of the longest ascending subsequence (C. Schensted, 1961).
fn longest_ascent(numbers: &[usize]) -> Vec<usize> {
    // the last position of the best ascent of each length, and what comes before each position
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(numbers.len());
    for (at, number) in numbers.iter().enumerate() {
        let slot = ends.partition_point(|&end| numbers.get(end).is_some_and(|n| n < number));
        before.push(slot.checked_sub(1).and_then(|slot| ends.get(slot).copied()));
        match ends.get_mut(slot) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut ascent = Vec::with_capacity(ends.len());
    let mut next = ends.last().copied();
    while let Some(at) = next {
        ascent.push(at);
        next = before.get(at).copied().flatten();
    }
    ascent.reverse();
    ascent
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_alike_are_paired_in_order() {
        let (old, new) = (["a", "b", "a", "c"], ["b", "a", "d", "a"]);
        let mut pairs = Pairs::new(old.len(), new.len());
        pairs.by(|i| Some(old[i]), |j| Some(new[j]));
        assert_eq!(pairs.both().collect::<Vec<_>>(), [(0, 1), (1, 0), (2, 3)]);
        assert_eq!((pairs.removed(), pairs.added()), (vec![3], vec![2]));
        assert_eq!(pairs.moved().len(), 1);
    }

    #[test]
    fn the_fewest_have_moved() {
        assert_eq!(longest_ascent(&[3, 0, 1, 2]), [1, 2, 3]);
        assert_eq!(longest_ascent(&[0, 1, 9, 2, 3]), [0, 1, 3, 4]);
        assert_eq!(longest_ascent(&[]), [0_usize; 0]);
    }
}
