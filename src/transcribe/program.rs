//! Runs a program of the user's: no shell, a time limit, bounded output.

use std::ffi::OsString;
use std::io::{self, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

/// The most that a program may print, in bytes (256 MiB).
const MOST: u64 = 1 << 28;

/// How much of what it says on standard error is kept, in bytes: the end.
const KEPT: usize = 1 << 14;

/// How often is looked whether a program that has closed its output is gone.
const TICK: Duration = Duration::from_millis(5);

/// How long standard error is waited for once a program is gone.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Why a program gave nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProgramError {
    /// There is none of that name.
    #[error("{program} was not found: {}", install(.program))]
    Missing {
        /// Its name.
        program: String,
    },
    /// It could not be started.
    #[error("{program} could not be run: {why}")]
    Refused {
        /// Its name.
        program: String,
        /// What the system says.
        why: String,
    },
    /// It ended with an error.
    #[error("{program} failed ({}): {said}", ending(*.code))]
    Failed {
        /// Its name.
        program: String,
        /// Exit code; none when a signal ended it.
        code: Option<i32>,
        /// The last line that it wrote to standard error.
        said: String,
    },
    /// It took too long and was stopped.
    #[error("{program} was stopped after {seconds} s; give it longer with --timeout SECONDS")]
    TimedOut {
        /// Its name.
        program: String,
        /// The limit.
        seconds: u64,
    },
    /// It printed more than is read.
    #[error("{program} printed more than {MOST} bytes, which no page has")]
    TooMuch {
        /// Its name.
        program: String,
    },
    /// It printed nothing.
    #[error("{program} printed nothing; it has to write what it reads to standard output")]
    Silent {
        /// Its name.
        program: String,
    },
}

/// How to get `program`.
fn install(program: &str) -> &'static str {
    match program {
        "pdftotext" | "pdftoppm" => {
            "it reads PDFs; install poppler (Debian, Ubuntu: apt install poppler-utils; macOS: brew \
             install poppler)"
        }
        "tesseract" => {
            "install it (Debian, Ubuntu: apt install tesseract-ocr tesseract-ocr-chi-sim; macOS: \
             brew install tesseract tesseract-lang)"
        }
        _ => "check its name, and that its folder is on the PATH",
    }
}

fn ending(code: Option<i32>) -> String {
    code.map_or_else(
        || "ended by a signal".to_owned(),
        |code| format!("exit code {code}"),
    )
}

/// What a program printed.
pub(super) struct Printed {
    /// Standard output.
    pub out: Vec<u8>,
    /// The end of standard error.
    pub err: Vec<u8>,
}

/// Runs `program` with `arguments` for at most `limit`.
///
/// # Errors
/// When it cannot be started, fails, takes too long or prints too much.
pub(super) fn run(
    program: &str,
    arguments: &[OsString],
    limit: Duration,
) -> Result<Printed, ProgramError> {
    let name = || program.to_owned();
    let deadline = Instant::now() + limit;
    let mut child = start(program, arguments)?;
    let out = listen(child.stdout.take(), whole);
    let err = listen(child.stderr.take(), end);
    let timed_out = |child: &mut Child| {
        stop(child);
        ProgramError::TimedOut {
            program: name(),
            seconds: limit.as_secs(),
        }
    };
    let Ok(out) = out.recv_timeout(limit) else {
        return Err(timed_out(&mut child));
    };
    if out.len() as u64 > MOST {
        stop(&mut child);
        return Err(ProgramError::TooMuch { program: name() });
    }
    let status = match ended(&mut child, deadline) {
        Ok(Some(status)) => status,
        Ok(None) => return Err(timed_out(&mut child)),
        Err(error) => {
            stop(&mut child);
            let why = error.to_string();
            return Err(ProgramError::Refused {
                program: name(),
                why,
            });
        }
    };
    let err = err.recv_timeout(LAST_WORDS).unwrap_or_default();
    if status.success() {
        return Ok(Printed { out, err });
    }
    Err(ProgramError::Failed {
        program: name(),
        code: status.code(),
        said: last_line(&err),
    })
}

fn start(program: &str, arguments: &[OsString]) -> Result<Child, ProgramError> {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    // What it starts itself is stopped with it.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.spawn().map_err(|error| {
        let program = program.to_owned();
        match error.kind() {
            io::ErrorKind::NotFound => ProgramError::Missing { program },
            _ => ProgramError::Refused {
                program,
                why: error.to_string(),
            },
        }
    })
}

/// Stops a program and all that it started.
fn stop(child: &mut Child) {
    // Where it is gone already there is nothing to stop.
    #[cfg(unix)]
    let _ = rustix::process::kill_process_group(
        rustix::process::Pid::from_child(child),
        rustix::process::Signal::KILL,
    );
    let _ = child.kill();
    let _ = child.wait();
}

/// How `child` ended; none when it has not by then.
fn ended(child: &mut Child, deadline: Instant) -> io::Result<Option<ExitStatus>> {
    loop {
        let status = child.try_wait()?;
        if status.is_some() || Instant::now() >= deadline {
            return Ok(status);
        }
        thread::sleep(TICK);
    }
}

/// What comes out of `stream`, read beside the program: it stops where nobody reads it.
fn listen<S: Read + Send + 'static>(
    stream: Option<S>,
    read: fn(S) -> Vec<u8>,
) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        // Nobody waits for it any more when the time is over.
        let _ = sender.send(stream.map(read).unwrap_or_default());
    });
    receiver
}

/// All of `stream` or one byte more than may be. What cannot be read is its end.
fn whole<S: Read>(stream: S) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = stream.take(MOST + 1).read_to_end(&mut bytes);
    bytes
}

/// The end of `stream`.
fn end<S: Read>(mut stream: S) -> Vec<u8> {
    let (mut bytes, mut chunk) = (Vec::new(), [0; 4096]);
    while let Ok(read @ 1..) = stream.read(&mut chunk) {
        bytes.extend_from_slice(chunk.get(..read).unwrap_or_default());
        let too_many = bytes.len().saturating_sub(KEPT);
        bytes.drain(..too_many);
    }
    bytes
}

fn last_line(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.lines().rev().map(str::trim);
    let last = lines.find(|line| !line.is_empty());
    last.unwrap_or("it does not say why").to_owned()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_secs(20);

    fn shell(script: &str, limit: Duration) -> Result<Printed, ProgramError> {
        run("sh", &["-c".into(), script.into()], limit)
    }

    #[test]
    fn both_streams_are_read_at_once() {
        // more of each than a pipe holds
        let script =
            "head -c 300000 /dev/zero >&2; head -c 300000 /dev/zero; echo end >&2; echo out";
        let printed = shell(script, LIMIT).unwrap();
        assert_eq!(printed.out.len(), 300_004);
        assert_eq!(printed.err.len(), KEPT);
        assert!(printed.err.ends_with(b"end\n"));
    }

    #[test]
    fn failures_say_what_the_program_says() {
        let error = shell("echo one >&2; echo two >&2; echo >&2; exit 3", LIMIT);
        let message = error.err().unwrap().to_string();
        assert_eq!(message, "sh failed (exit code 3): two");
        let message = shell("kill -9 $$", LIMIT).err().unwrap().to_string();
        assert!(message.contains("ended by a signal"), "{message}");
        let missing = run("gongbao-no-such-program", &[], LIMIT).err().unwrap();
        assert!(missing.to_string().contains("on the PATH"), "{missing}");
        let refused = run("/", &[], LIMIT).err().unwrap();
        assert!(
            matches!(refused, ProgramError::Refused { .. }),
            "{refused:?}"
        );
    }

    #[test]
    fn what_takes_too_long_is_stopped_with_all_that_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let mark = folder.path().join("mark");
        for script in [
            "(sleep 2; echo late >MARK) & sleep 60", // output open
            "exec >&- 2>&-; (sleep 2; echo late >MARK) & sleep 60", // output closed
        ] {
            let script = script.replace("MARK", &mark.to_string_lossy());
            let begin = Instant::now();
            let error = shell(&script, Duration::from_secs(1)).err().unwrap();
            assert!(begin.elapsed() < Duration::from_secs(30));
            let want = ProgramError::TimedOut {
                program: "sh".to_owned(),
                seconds: 1,
            };
            assert_eq!(error, want);
        }
        thread::sleep(Duration::from_secs(2));
        assert!(!mark.exists(), "what it started went on");
    }
}
