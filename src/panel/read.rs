//! Files of records → what panels need of them, one line at a time, by several threads.
//!
//! One thread reads blocks of whole lines, the others take them apart; only what a panel may need of a
//! record is kept.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::thread;

use crossbeam_channel::{Receiver, Sender};

use super::Query;
use super::page::{self, Page};

/// Bytes of a block, where no line is longer.
const BLOCK: usize = 1 << 20;
/// Bytes of the longest record that is read.
const MOST: usize = 256 << 20;

/// A file of records, by what it is called in messages.
pub struct Input {
    /// Its name.
    pub name: String,
    /// Where its bytes are.
    pub bytes: Bytes,
}

/// Where the bytes of a file of records are.
pub enum Bytes {
    /// In a file.
    File(PathBuf),
    /// Here, as standard input is.
    Stream(Box<dyn Read + Send>),
}

/// A record that could not be used.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unread {
    /// Which of the inputs, from 0.
    pub input: usize,
    /// Line on which it begins, from 1; 0 for the file as a whole.
    pub line: u64,
    /// What is wrong, and what was expected.
    pub message: String,
}

/// What became of the files.
#[derive(Debug, Default)]
pub struct Found {
    /// The records, in no order.
    pub pages: Vec<Page>,
    /// What could not be used, in the order of the inputs.
    pub unread: Vec<Unread>,
}

/// Whole lines of an input, or all of it.
struct Block {
    input: usize,
    /// The line on which it begins, from 1.
    line: u64,
    bytes: Vec<u8>,
    /// True when it is one JSON text over several lines.
    whole: bool,
}

/// Reads `inputs` by so many threads beside the one that reads files; of each record what `query` asks for.
///
/// # Errors
/// When the system gives no threads.
pub fn read(inputs: Vec<Input>, threads: usize, query: &Query) -> io::Result<Found> {
    thread::scope(|scope| {
        let (sender, blocks) = crossbeam_channel::bounded::<Block>(2 * threads.max(1));
        let mut workers = Vec::new();
        for _ in 0..threads.max(1) {
            let blocks: Receiver<Block> = blocks.clone();
            let work = move || {
                let mut out = Found::default();
                for block in blocks {
                    take_apart(&block, query, &mut out);
                }
                out
            };
            workers.push(thread::Builder::new().spawn_scoped(scope, work)?);
        }
        drop(blocks);
        let mut all = Found::default();
        for (at, input) in inputs.into_iter().enumerate() {
            let unread = match input.bytes {
                Bytes::File(path) => File::open(path)
                    .map_err(|error| (0, message_of(&error)))
                    .and_then(|mut file| send(at, &mut file, &sender)),
                Bytes::Stream(mut stream) => send(at, &mut *stream, &sender),
            };
            if let Err((line, message)) = unread {
                all.unread.push(Unread {
                    input: at,
                    line,
                    message,
                });
            }
        }
        drop(sender);
        for worker in workers {
            match worker.join() {
                Ok(part) => {
                    all.pages.extend(part.pages);
                    all.unread.extend(part.unread);
                }
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        all.unread.sort();
        Ok(all)
    })
}

fn message_of(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file; check the name".to_owned(),
        _ => format!("it could not be read: {error}"),
    }
}

/// Cuts `input` into blocks; else the line from which on it could not be read, and why.
fn send(at: usize, input: &mut dyn Read, blocks: &Sender<Block>) -> Result<(), (u64, String)> {
    let mut held = Vec::new();
    let mut line = 1;
    let mut whole = None;
    loop {
        // there is no end of a line in what is held of before
        let before = held.len();
        let ended = fill(input, &mut held).map_err(|error| (line, message_of(&error)))?;
        let fresh = held.get(before..).unwrap_or_default();
        let whole = *whole.get_or_insert_with(|| is_one_text(&held));
        let end = match (ended, whole) {
            (true, _) => held.len(),
            (false, true) => 0,
            (false, false) => memchr::memrchr(b'\n', fresh).map_or(0, |at| before + at + 1),
        };
        if end == 0 && held.len() > MOST {
            let message = format!(
                "it has more than {} MB without an end; expected a record a line",
                MOST >> 20
            );
            return Err((line, message));
        }
        if end > 0 {
            let rest = held.split_off(end);
            let lines = memchr::memchr_iter(b'\n', &held).count() as u64;
            let block = Block {
                input: at,
                line,
                bytes: std::mem::replace(&mut held, rest),
                whole,
            };
            if blocks.send(block).is_err() {
                return Ok(()); // a worker panicked, which is told where it is joined
            }
            line += lines;
        }
        if ended {
            return match line {
                1 if held.is_empty() && end == 0 => Err((
                    0,
                    "it is empty; expected records as JSON or NDJSON".to_owned(),
                )),
                _ => Ok(()),
            };
        }
    }
}

/// Reads a block behind what is `held`; true at the end of the input.
fn fill(input: &mut dyn Read, held: &mut Vec<u8>) -> io::Result<bool> {
    let before = held.len();
    input.take(BLOCK as u64).read_to_end(held)?;
    Ok(held.len() - before < BLOCK)
}

/// True when the input that begins like this is one JSON text over several lines; else it is one a line.
fn is_one_text(beginning: &[u8]) -> bool {
    let mut lines = beginning
        .split(|&byte| byte == b'\n')
        .map(<[u8]>::trim_ascii);
    lines.find(|line| !line.is_empty()) == Some(b"{")
}

/// The lines of a block; a text over several is one.
fn lines(block: &Block) -> impl Iterator<Item = &[u8]> {
    let ends = memchr::memchr_iter(b'\n', &block.bytes).filter(|_| !block.whole);
    let mut start = 0;
    ends.chain([block.bytes.len()]).map(move |end| {
        let line = block.bytes.get(start..end).unwrap_or_default();
        start = end + 1;
        line
    })
}

fn take_apart(block: &Block, query: &Query, out: &mut Found) {
    for (line, number) in lines(block).zip(block.line..) {
        if line.trim_ascii().is_empty() {
            continue;
        }
        match page::read(line, query) {
            Ok(page) => out.pages.push(page),
            Err(message) => out.unread.push(Unread {
                input: block.input,
                line: number,
                message,
            }),
        }
    }
}
