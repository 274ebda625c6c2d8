//! The command line of an OCR program: words, one of which holds the place of the page.

use std::ffi::OsString;
use std::path::Path;
use std::str::FromStr;

/// Where the path of the page goes.
const PLACE: &str = "{}";

/// A program and its arguments, `{}` for the path of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandLine {
    /// The program.
    pub(super) program: String,
    arguments: Vec<String>,
}

/// A text that is no command line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommandLineError {
    /// A quote is open at the end.
    #[error("its quotes do not close")]
    Quotes,
    /// No word at all.
    #[error("it is empty; expected a program and its arguments, such as \"tesseract {{}} - hocr\"")]
    Empty,
    /// Nowhere to put the path of the page.
    #[error(
        "expected {PLACE} behind the program, where the path of the page goes, such as \"tesseract \
         {{}} - hocr\""
    )]
    NoPlace,
}

impl FromStr for CommandLine {
    type Err = CommandLineError;

    /// Cuts `text` into words as a shell would, quotes honoured; nothing else is expanded.
    fn from_str(text: &str) -> Result<Self, CommandLineError> {
        let words = shlex::split(text).ok_or(CommandLineError::Quotes)?;
        let mut words = words.into_iter();
        let program = words.next().ok_or(CommandLineError::Empty)?;
        let arguments: Vec<String> = words.collect();
        if program.contains(PLACE) || !arguments.iter().any(|word| word.contains(PLACE)) {
            return Err(CommandLineError::NoPlace);
        }
        Ok(Self { program, arguments })
    }
}

impl Default for CommandLine {
    /// `tesseract {} - -l chi_sim hocr`
    fn default() -> Self {
        Self {
            program: "tesseract".to_owned(),
            arguments: [PLACE, "-", "-l", "chi_sim", "hocr"]
                .map(str::to_owned)
                .to_vec(),
        }
    }
}

impl CommandLine {
    /// The arguments for the page at `path`.
    pub(super) fn on(&self, path: &Path) -> Vec<OsString> {
        let put = |word: &String| {
            let mut parts = word.split(PLACE);
            let mut whole = OsString::from(parts.next().unwrap_or_default());
            for part in parts {
                whole.push(path);
                whole.push(part);
            }
            whole
        };
        self.arguments.iter().map(put).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_quotes_and_the_place() {
        let line: CommandLine = "'my engine' --in={} \"two words\" {}.txt $HOME *.png"
            .parse()
            .unwrap();
        assert_eq!(line.program, "my engine");
        assert_eq!(
            line.on(Path::new("/a b.png")),
            [
                "--in=/a b.png",
                "two words",
                "/a b.png.txt",
                "$HOME",
                "*.png"
            ]
        );
        assert_eq!(
            "tesseract {} - -l chi_sim hocr".parse(),
            Ok(CommandLine::default())
        );
        for (text, error) in [
            ("", CommandLineError::Empty),
            (" ", CommandLineError::Empty),
            ("ocr 'a {}", CommandLineError::Quotes),
            ("ocr page.png", CommandLineError::NoPlace),
            ("{}", CommandLineError::NoPlace),
            ("{} {}", CommandLineError::NoPlace),
        ] {
            assert_eq!(text.parse::<CommandLine>(), Err(error), "{text}");
        }
    }
}
