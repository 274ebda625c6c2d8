//! Names: the noun phrase that is left of a clause's text without time, place, adverb and verb of
//! realisation.

use std::borrow::Cow;

use smol_str::{SmolStr, format_smolstr};

use super::nearby::Times;
use crate::base::Span;
use crate::lexicon::names::{Groups, WordGroup};
use crate::lexicon::{Forms, Lexicon};

/// Doers of what is done have more characters than this: 建筑企业完成总产值.
const SHORTEST_DOER: usize = 3;
/// Bytes of one Han character.
const ONE_HAN: usize = 3;
/// Names longer than this many characters lose what stands before their last own part.
const LONGEST: usize = 40;

/// `span` of `text` without reference marks, long insertions and times that are no part of a name.
pub(super) fn plain<'t>(
    text: &'t str,
    span: Span,
    times: &Times<'_>,
    lexicon: &Lexicon,
) -> Cow<'t, str> {
    let piece = span.of(text);
    let times = times.ending_behind(span.start);
    let timed = times.first().is_some_and(|t| t.span.start < span.end);
    // Bytes that brackets begin with.
    let bracketed = || piece.bytes().any(|b| matches!(b, b'(' | b'[' | 0xEF));
    if !timed && !bracketed() {
        return Cow::Borrowed(piece);
    }
    let mut out = String::with_capacity(piece.len());
    let mut times = times.iter().peekable();
    let mut resume = span.start as usize;
    for (i, c) in piece.char_indices() {
        let at = span.start as usize + i;
        if at < resume {
            continue;
        }
        while times.next_if(|t| (t.span.start as usize) < at).is_some() {}
        if let Some(time) = times.peek()
            && time.span.start as usize == at
            && !time.named
        {
            resume = time.span.end as usize;
            continue;
        }
        let closing = match c {
            '（' => '）',
            '(' => ')',
            '[' => ']',
            '［' => '］',
            _ => {
                out.push(c);
                continue;
            }
        };
        let inside = piece.get(i + c.len_utf8()..).unwrap_or("");
        // 年收入2000万元及以上工业企业（以下简称规模以上工业）: the short form is the name from here on.
        let short = inside.find(closing).and_then(|end| {
            let (from, _) = lexicon.names.short_for.at(inside, 0)?;
            inside.get(from..end)
        });
        if let Some(short) = short {
            out.clear();
            out.push_str(short.trim_matches(['“', '”']));
        }
        match inside.find(closing) {
            Some(end) if short.is_some() => {
                resume = at + c.len_utf8() + end + closing.len_utf8();
            }
            // 市（州）分岛 keeps its brackets, （含食用菌，下同） goes.
            Some(end)
                if matches!(closing, '）' | ')')
                    && end <= 12
                    && !inside.get(..end).is_some_and(|s| s.contains(['，', '；']))
                    && !inside.starts_with(|c: char| c.is_ascii_digit()) =>
            {
                out.push(c);
            }
            Some(end) => resume = at + c.len_utf8() + end + closing.len_utf8(),
            None => out.push(c),
        }
    }
    Cow::Owned(out)
}

pub(super) fn is_mark(c: char) -> bool {
    matches!(
        c,
        '、' | '，'
            | '；'
            | '：'
            | ','
            | ';'
            | ':'
            | '。'
            | '—'
            | '）'
            | ')'
            | '·'
            | '.'
            | ' '
            | '-'
    )
}

/// End of the word of `forms` that `s` begins with, none where a name begins that is kept whole.
fn front(s: &str, forms: &Forms, lexicon: &Lexicon) -> Option<usize> {
    let (end, _) = forms.at(s, 0)?;
    lexicon.names.kept.at(s, 0).is_none().then_some(end)
}

/// True for places of `s` inside a name that is kept whole.
fn kept_at(s: &str, at: usize, lexicon: &Lexicon) -> bool {
    let mut kept = lexicon.names.kept.all(s);
    kept.any(|(start, end, _)| start <= at && at < end)
}

/// Without what stands at the front and is no part of a name.
pub(super) fn strip_front<'a>(mut s: &'a str, lexicon: &Lexicon) -> &'a str {
    let names = &lexicon.names;
    loop {
        let before = s;
        s = s.trim_start_matches(is_mark);
        s = strip_label(s, lexicon);
        // 县内 may be all that a part is called; an adverb alone is no name.
        if let Some(end) = front(s, &names.region, lexicon)
            && end < s.len()
        {
            s = s.get(end..).unwrap_or(s);
        }
        for forms in [&names.adverb, &names.part] {
            if let Some(end) = front(s, forms, lexicon) {
                s = s.get(end..).unwrap_or(s);
            }
        }
        if let Some(end) = front(s, &names.realised, lexicon)
            && let Some(rest) = s.get(end..)
            && rest.chars().count() > 1
            && (rest.chars().count() > 2 || names.inner.at(s, 0).is_some())
        {
            s = rest;
        }
        if s == before {
            return s;
        }
    }
}

/// Without 一是, 二要, （三）, 2. at the front.
fn strip_label<'a>(s: &'a str, lexicon: &Lexicon) -> &'a str {
    let bare = s.trim_start_matches(['（', '(']);
    let figures = bare.trim_start_matches(|c: char| {
        c.is_ascii_digit() || lexicon.numerals.figure(c).is_some_and(is_figure)
    });
    if figures.len() == bare.len() || bare.len() - figures.len() > 9 {
        return s;
    }
    if let Some(rest) = figures.strip_prefix(['）', ')']) {
        return rest;
    }
    match lexicon.names.label.at(figures, 0) {
        Some((end, _)) if bare.len() == s.len() => figures.get(end..).unwrap_or(s),
        _ => s,
    }
}

fn is_figure(figure: crate::lexicon::numerals::Figure) -> bool {
    use crate::lexicon::numerals::Figure;
    matches!(figure, Figure::Digit(1..) | Figure::Power(1))
}

/// Without what stands right before a number and is no part of a name.
pub(super) fn strip_back<'a>(mut s: &'a str, lexicon: &Lexicon) -> &'a str {
    let names = &lexicon.names;
    let closes = |c: char| matches!(c, '）' | ')');
    loop {
        s = s.trim_end_matches(|c| is_mark(c) && !closes(c));
        // The closing bracket of 县（市） belongs to the name.
        if s.ends_with(closes) && !s.contains(['（', '(']) {
            s = s.trim_end_matches(is_mark);
        }
        let before = s.len();
        let stated = names.stated.before(s, s.len());
        let per = names.per.before(s, s.len());
        if stated.is_none() && per.is_none() {
            return s;
        }
        if names.per.whole(s.trim_start_matches(is_mark)).is_some()
            || lexicon.approximations.ends_in_another_word(s)
            || names.kept.before(s, s.len()).is_some()
        {
            return s;
        }
        if let Some((start, _)) = stated {
            s = s.get(..start).unwrap_or(s);
        }
        // 抽检量达到每千人: for how many stands between verb and number.
        if let Some((start, _)) = names.per.before(s, s.len())
            && let Some((verb, _)) = names.stated.before(s, start)
            && start - verb > ONE_HAN
        {
            s = s.get(..verb).unwrap_or(s);
        }
        if s.len() == before {
            return s;
        }
    }
}

/// The name in the text before a number.
pub(super) fn before(s: &str, lexicon: &Lexicon) -> SmolStr {
    let s = strip_front(strip_back(s, lexicon), lexicon);
    let groups = lexicon.names.groups_in(s);
    let s = clip(strip_back(s, lexicon), groups, lexicon);
    // 稳居全国前十强、增长5%: no name.
    // 水务局力争完成投资: who does it stands before.
    let status = groups.has(WordGroup::Status);
    let s = match status.then(|| lexicon.names.status_end(s)).flatten() {
        Some(end) if !s.get(end..).unwrap_or("").is_empty() => {
            strip_front(s.get(end..).unwrap_or(""), lexicon)
        }
        _ => s,
    };
    let ranks = lexicon.numerals.ranking.at(s, 0).is_some_and(|(end, _)| {
        let word = s.get(..end).unwrap_or("");
        end > ONE_HAN && lexicon.changes.whom.whole(word).is_none()
    });
    if lexicon.changes.versus.whole(s).is_some() || ranks {
        return SmolStr::default();
    }
    if groups.has(WordGroup::Kept) && lexicon.names.kept.within(s) {
        return SmolStr::new(s);
    }
    // 规模以上工业实现增加值 is 规模以上工业增加值.
    let inner = groups.has(WordGroup::Inner);
    let inner = inner.then(|| lexicon.names.inner.first(s)).flatten();
    // 建筑企业完成总产值, but 计划完成率.
    let done = inner.or_else(|| {
        // 年度完成投资 stays.
        let of_head = |&(from, to, _): &(usize, usize, usize)| {
            from > SHORTEST_DOER * ONE_HAN
                && lexicon.names.head.at(s, to).is_some_and(|h| h.0 == s.len())
        };
        let realised = groups.has(WordGroup::Realised);
        realised.then(|| lexicon.names.realised.all(s).find(of_head))?
    });
    match done {
        Some((from, to, _)) if from > 0 && to < s.len() => {
            format_smolstr!(
                "{}{}",
                s.get(..from).unwrap_or(""),
                s.get(to..).unwrap_or("")
            )
        }
        _ => SmolStr::new(s),
    }
}

/// The end of a name that is too long to be one: from its last act on.
fn clip<'a>(s: &'a str, groups: Groups, lexicon: &Lexicon) -> &'a str {
    let way = groups.has(WordGroup::Way);
    let Some((_, prefix, _)) = way.then(|| lexicon.names.way.all(s).last()).flatten() else {
        if s.len() <= LONGEST || s.chars().count() <= LONGEST {
            return s;
        }
        let cut = s.rfind('、').map_or(0, |i| i + '、'.len_utf8());
        return s.get(cut..).unwrap_or(s);
    };
    s.get(prefix..).filter(|r| !r.is_empty()).unwrap_or(s)
}

/// The noun at the start of the text behind a number, empty when there is none; `whole` keeps the
/// verb behind it.
pub(super) fn behind<'t>(s: &'t str, whole: bool, lexicon: &Lexicon) -> &'t str {
    let s = s.trim_start_matches(' ');
    match s.chars().next() {
        Some(c)
            if c.is_alphanumeric()
                && (!lexicon.names.joins(c) || lexicon.names.no_join.at(s, 0).is_some())
                || matches!(c, '“' | '《') => {}
        _ => return "",
    }
    let mut end = s.len();
    // “高效办成一件事”: words in quotation marks end no name.
    let outside = |&(start, to, _): &(usize, usize, usize)| {
        let head = s.get(..start).unwrap_or("");
        // 新开工项目: the verb describes the noun behind it.
        let describes =
            start > 0 && (head.len() <= ONE_HAN || lexicon.names.modified.at(s, to).is_some());
        head.matches('“').count() == head.matches('”').count()
            && !describes
            && !kept_at(s, start, lexicon)
    };
    if !whole && let Some((start, _, _)) = lexicon.names.predicate.all(s).take(8).find(outside) {
        end = start;
    }
    let mut s = s.get(..end).unwrap_or("");
    if let Some(rest) = s.chars().next_back()
        && (lexicon.names.joins(rest) || is_mark(rest))
    {
        s = s.get(..s.len() - rest.len_utf8()).unwrap_or("");
    }
    let s = strip_back(s, lexicon);
    strip_front(s, lexicon)
}

/// What stands behind the first 、 or 和 of `s`, or all of it when there is none.
pub(super) fn after_row_mark<'a>(s: &'a str, lexicon: &Lexicon) -> &'a str {
    let mark = |&(_, c): &(usize, char)| c == '、' || lexicon.names.joins(c);
    match s.char_indices().find(mark) {
        Some((at, c)) => s.get(at + c.len_utf8()..).unwrap_or(s),
        None => s,
    }
}

/// What `name` ends with of the heads in the lexicon, as many as there are: 居民人均可支配收入.
pub(super) fn head<'a>(name: &'a str, lexicon: &Lexicon) -> &'a str {
    let mut start = name.len();
    while let Some((from, _)) = lexicon.names.head.before(name, start) {
        if from == 0 {
            break;
        }
        start = from;
    }
    name.get(start..).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "\
[[name]]
forms = [\"县内就诊率\", \"现有病例\", \"服务达\", \"工业实现增加值\", \"项目开展情况\"]
hit = []
";

    #[test]
    fn names_that_are_kept_are_not_cut() {
        let own = Lexicon::with([("t.toml", OWN)]).unwrap();
        let builtin = Lexicon::builtin();
        for (text, cut, kept) in [
            ("全县县内就诊率达到", "就诊率", "县内就诊率"),
            ("累计现有病例", "病例", "现有病例"),
            ("全市服务达", "服务", "服务达"),
            ("全县工业实现增加值", "工业增加值", "工业实现增加值"),
            ("县内游客", "游客", "游客"),
        ] {
            assert_eq!(before(text, builtin), cut, "{text}");
            assert_eq!(before(text, &own), kept, "{text}");
        }
        assert_eq!(behind("项目开展情况", false, builtin), "项目");
        assert_eq!(behind("项目开展情况", false, &own), "项目开展情况");
    }
}
