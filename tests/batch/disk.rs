//! Disks that are full or may not be written to, made for real: small file systems in memory.

use std::fs;
use std::path::PathBuf;
use std::process::Command as Process;

use super::{Archive, EVERYTHING, text};

/// A file system in memory, mounted on the folder `out` of an archive. To mount one takes root's rights;
/// without them the tests are skipped and say so, and with `GONGBAO_NO_SKIP` that is a failure, unless
/// `.ci/run` has found out that nobody mounts anything there (`GONGBAO_NO_MOUNT`).
struct Disk(PathBuf);

impl Disk {
    #[expect(clippy::print_stderr, reason = "a skipped test says so")]
    fn new(archive: &Archive, size: &str) -> Option<Self> {
        let disk = Self(archive.path("out"));
        fs::create_dir(&disk.0).unwrap();
        if cfg!(target_os = "linux")
            && disk.mount(&["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
        {
            return Some(disk);
        }
        let is_set = |name| std::env::var_os(name).is_some();
        assert!(
            !is_set("GONGBAO_NO_SKIP") || is_set("GONGBAO_NO_MOUNT"),
            "no tmpfs could be mounted (run it as root), and GONGBAO_NO_SKIP forbids skipping"
        );
        eprintln!("skipped: no tmpfs could be mounted; run it as root");
        std::mem::forget(disk);
        None
    }

    fn mount(&self, arguments: &[&str]) -> bool {
        let status = Process::new("mount").args(arguments).arg(&self.0).status();
        status.is_ok_and(|status| status.success())
    }

    fn again(&self, option: &str) {
        assert!(self.mount(&["-o", &format!("remount,{option}")]));
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Process::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk() {
    let archive = Archive::new(60);
    for size in ["64k", "400k", "1m"] {
        let Some(disk) = Disk::new(&archive, size) else {
            return;
        };
        let ran = archive.all("out").code(1);
        let line = ran.stderr.lines().last().unwrap();
        assert!(
            line.contains("the disk is full; make room"),
            "{size}: {}",
            ran.stderr
        );
        assert!(
            line.contains("run the same command again"),
            "{size}: {line}"
        );
        assert!(!archive.path("out/summary.json").exists());
        disk.again("size=64m");
        assert_eq!(archive.all("out").code(0).stdout, "");
        archive.assert_fresh("out", &["pages"], &EVERYTHING);
        drop(disk);
        fs::remove_dir(archive.path("out")).unwrap();
    }
}

/// What was whole stays so while another run finds no room.
#[test]
fn a_disk_that_fills_up_later() {
    let archive = Archive::new(60);
    let Some(disk) = Disk::new(&archive, "64m") else {
        return;
    };
    archive.all("out").code(0);
    let before = archive.tree("out");
    let ballast = archive.path("out/.gongbao/ballast");
    fs::write(&ballast, vec![0; 63 << 20]).unwrap_or_default();
    for i in 0..60 {
        archive.page(&format!("{i:03}.txt"), &text(300 + i));
    }
    archive
        .all("out")
        .code(1)
        .says("the disk is full; make room");
    for (name, bytes) in archive.tree("out") {
        if before.contains_key(&name) && name.ends_with(".json") && name.starts_with("json/") {
            let whole: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
            assert!(whole["source"].is_object(), "{name}");
        }
    }
    fs::remove_file(ballast).unwrap();
    archive.all("out").code(0);
    archive.assert_fresh("out", &["pages"], &EVERYTHING);
    drop(disk);
}

#[test]
fn a_disk_that_may_only_be_read() {
    let archive = Archive::new(20);
    let Some(disk) = Disk::new(&archive, "64m") else {
        return;
    };
    disk.again("ro");
    archive
        .all("out")
        .code(1)
        .says("gongbao: out")
        .says("Read-only file system");
    disk.again("rw");
    archive.all("out").code(0);
    let before = archive.tree("out");
    archive.page("000.txt", &text(77));
    disk.again("ro");
    archive
        .all("out")
        .code(1)
        .says("gongbao: out")
        .says("Read-only file system");
    assert!(archive.tree("out") == before);
    disk.again("rw");
    archive.all("out").code(0);
    archive.assert_fresh("out", &["pages"], &EVERYTHING);
}
