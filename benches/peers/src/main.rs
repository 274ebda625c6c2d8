//! Times the crate `chinese2digits` on the pages of a folder: `peers SECONDS DIR`. Prints bytes and pages that
//! were done in so many seconds, the seconds of processor time that they took, and on how many pages it
//! panicked, separated by tabs.

use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::panic;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chinese2digits::take_number_from_string;
use rustix::time::{ClockId, clock_gettime};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let limit = Duration::from_secs_f64(arguments.next().ok_or("SECONDS")?.parse()?);
    let mut paths = Vec::new();
    files(Path::new(&arguments.next().ok_or("DIR")?), &mut paths)?;
    paths.sort();
    let (mut bytes, mut pages, mut failed, mut spent) = (0, 0, 0, Duration::ZERO);
    panic::set_hook(Box::new(|_| {}));
    for path in paths {
        let text = fs::read_to_string(path)?;
        let start = now();
        let found = panic::catch_unwind(|| take_number_from_string(&text, false, false));
        failed += u32::from(black_box(found).is_err());
        spent += now() - start;
        bytes += text.len();
        pages += 1;
        if spent >= limit {
            break;
        }
    }
    println!("{bytes}\t{pages}\t{:.6}\t{failed}", spent.as_secs_f64());
    Ok(())
}

fn now() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

fn files(path: &Path, paths: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            files(&entry?.path(), paths)?;
        }
    } else {
        paths.push(path.to_owned());
    }
    Ok(())
}
