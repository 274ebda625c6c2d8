//! Rows: several names and as many numbers, paired in order.

use smol_str::{SmolStr, format_smolstr};

use super::name;
use super::why::Rule;
use crate::lexicon::{Forms, Lexicon};

/// `subject` as `n` names, and by which rule; none when it does not fall into so many.
///
/// What the last name ends with (产量, 增加值) goes to all of them.
pub(super) fn split(subject: &str, n: usize, lexicon: &Lexicon) -> Option<(Rule, Vec<SmolStr>)> {
    if n < 2 || subject.is_empty() {
        return None;
    }
    if let Some(names) = collective(subject, n, lexicon) {
        return Some((Rule::CollectiveSplit, names));
    }
    let by_mark: Vec<&str> = subject.split('、').collect();
    let items = if by_mark.len() == n {
        by_mark
    } else {
        let all: Vec<&str> = subject
            .split(|c| c == '、' || lexicon.names.joins(c))
            .filter(|s| !s.is_empty())
            .collect();
        if all.len() != n {
            return None;
        }
        all
    };
    let (last, firsts) = items.split_last()?;
    let (own, head) = shared_head(firsts, last, lexicon);
    let mut out: Vec<SmolStr> = firsts
        .iter()
        .map(|s| {
            // 蔬菜（含食用菌）产量 has its own head.
            let s = name::before(s, lexicon);
            if ends_in(&s, &lexicon.names.head) || ends_in(&s, &lexicon.names.complete) {
                s
            } else {
                format_smolstr!("{s}{head}")
            }
        })
        .collect();
    let own = name::before(own, lexicon);
    // 国内游客人次、总花费: the last needs what the first is of.
    if lexicon.names.generic.whole(&own).is_some()
        && head.is_empty()
        && let Some(first) = out.first()
        && let Some((stem, _)) = lexicon.names.complete.before(first, first.len())
    {
        out.push(format_smolstr!("{}{own}", first.get(..stem).unwrap_or("")));
    } else {
        out.push(format_smolstr!("{own}{head}"));
    }
    let named = out.iter().all(|s| !s.is_empty());
    named.then_some((Rule::PairedInOrder, out))
}

fn ends_in(s: &str, forms: &Forms) -> bool {
    forms.before(s, s.len()).is_some()
}

/// 三次产业增加值 for three numbers: 第一产业增加值, …
fn collective(subject: &str, n: usize, lexicon: &Lexicon) -> Option<Vec<SmolStr>> {
    let (from, to, index) = lexicon.names.collective.first(subject)?;
    let parts = lexicon.names.parts_of(index);
    let (before, after) = (subject.get(..from)?, subject.get(to..)?);
    // 城乡环卫覆盖率、农村供水普及率 are two already.
    let whole = !before.contains('、') && !after.contains('、');
    (parts.len() == n && whole).then(|| {
        parts
            .iter()
            .map(|p| format_smolstr!("{before}{p}{after}"))
            .collect()
    })
}

/// The last name's own part, and the head that it shares with the others.
fn shared_head<'a>(firsts: &[&str], last: &'a str, lexicon: &Lexicon) -> (&'a str, &'a str) {
    // 医药、信息等产业增加值.
    if let Some((from, to, _)) = lexicon.names.so_on.first(last) {
        return (
            last.get(..from).unwrap_or(last),
            last.get(to..).unwrap_or(""),
        );
    }
    // 城市、农村低保补助水平: what follows the last of the parallel nouns is said of all.
    let parallel = &lexicon.names.parallel;
    if firsts.iter().all(|s| parallel.whole(s).is_some())
        && let Some((end, _)) = parallel.at(last, 0)
    {
        return last.split_at(end);
    }
    let head = name::head(last, lexicon);
    if !head.is_empty() {
        return (last.get(..last.len() - head.len()).unwrap_or(last), head);
    }
    // 国家级、部级创新平台: the names end alike where the head begins.
    let ending = firsts.first().and_then(|s| s.chars().next_back());
    if let Some(c) = ending
        && firsts.iter().all(|s| s.ends_with(c))
        && let Some(at) = last.find(c)
        && at > 0
    {
        return last.split_at(at + c.len_utf8());
    }
    (last, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_paired_and_heads_shared() {
        let lexicon = Lexicon::builtin();
        for (subject, names) in [
            ("小麦、玉米产量", &["小麦产量", "玉米产量"][..]),
            ("纺织、食品等产业产值", &["纺织产业产值", "食品产业产值"]),
            ("省级、市级示范园", &["省级示范园", "市级示范园"]),
            (
                "纺织业、软件和信息服务业增加值",
                &["纺织业增加值", "软件和信息服务业增加值"],
            ),
            ("专户开立率、实名管理率", &["专户开立率", "实名管理率"]),
            (
                "三次产业增加值",
                &["第一产业增加值", "第二产业增加值", "第三产业增加值"],
            ),
            (
                "城乡居民人均可支配收入",
                &["城镇居民人均可支配收入", "农村居民人均可支配收入"],
            ),
        ] {
            let (_, found) = split(subject, names.len(), lexicon).unwrap();
            assert_eq!(found, names, "{subject}");
        }
        assert_eq!(split("小麦产量", 2, lexicon), None);
    }
}
