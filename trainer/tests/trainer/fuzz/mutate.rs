//! Changed copies of stored inputs: bytes drawn at random alone hardly ever get past the first check of a format.
//!
//! Also a module of `web`'s tests, so it takes nothing from beside it.

use std::{
    cell::Cell,
    fs,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    path::Path,
    time::{Duration, Instant},
};

/// Changed copies that a target gets in a plain test run.
const COPIES: u64 = 600;

/// Longest input.
const LONGEST: usize = 1 << 16;

/// What one input may take of a core where a target is fuzzed for a time: more is a hang. A plain
/// test run asserts no time.
const HANG: Duration = Duration::from_secs(1);

/// Seconds that every target is fuzzed for, where somebody wants more than a plain test run.
pub(crate) fn asked_time() -> Option<Duration> {
    let seconds: f64 = std::env::var("FOVEA_FUZZ_SECONDS").ok()?.parse().ok()?;
    Some(Duration::from_secs_f64(seconds))
}

/// Runs `target` on every input stored in `folder`/corpus and `folder`/crashes, then on changed
/// copies of them: in a plain run always the same ones, for as long as [`asked_time`] says others.
/// An input on which it panics is written to `found`, and its path is printed.
pub(crate) fn run(folder: &Path, found: &Path, target: impl Fn(&[u8])) {
    let stored = stored(folder);
    assert!(!stored.is_empty(), "there is no stored input in {}", folder.display());
    stored.iter().for_each(|input| check(folder, found, input, &target));
    let copy = |seed: u64| changed(&stored, &mut Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1));
    let Some(time) = asked_time() else {
        return (0..COPIES).for_each(|seed| check(folder, found, &copy(seed), &target));
    };
    let start = std::time::SystemTime::UNIX_EPOCH.elapsed().map_or(0, |time| time.as_nanos() as u64);
    let (begun, cpu) = (Instant::now(), cpu_time());
    let (mut inputs, mut slowest) = (0, Duration::ZERO);
    while begun.elapsed() < time {
        let took = Cell::new(Duration::ZERO);
        check(folder, found, &copy(start.wrapping_add(inputs)), &|input| {
            let before = cpu_time();
            target(input);
            took.set(cpu_time().saturating_sub(before));
            assert!(took.get() <= HANG, "it took {} ms of a core", took.get().as_millis());
        });
        slowest = slowest.max(took.get());
        inputs += 1;
    }
    let [wall, cpu] = [begun.elapsed(), cpu_time().saturating_sub(cpu)].map(|time| time.as_secs());
    let name = folder.file_name().unwrap_or_default().display();
    eprintln!("{name}: {inputs} inputs in {wall} s ({cpu} s of a core), the slowest {} ms", slowest.as_millis());
}

/// Runs `target` on an input. One on which it panics is kept.
fn check(folder: &Path, found: &Path, input: &[u8], target: &dyn Fn(&[u8])) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| target(input))) {
        let hash =
            input.iter().fold(0xcbf2_9ce4_8422_2325u64, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x100_0000_01b3));
        let path = found.join(format!("{}-{hash:016x}", folder.file_name().unwrap_or_default().display()));
        let written = fs::create_dir_all(found).and_then(|()| fs::write(&path, input));
        // bolero keeps the messages of panics to itself.
        let said = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
        let (path, folder) = (path.display(), folder.display());
        eprintln!(
            "an input fails: {}\nsee {path} ({written:?}); once mended, store it in {folder}/crashes",
            said.unwrap_or_default()
        );
        resume_unwind(panic);
    }
}

/// What this thread has had of a core; where the system does not tell, the time that passes.
fn cpu_time() -> Duration {
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|text| text.split_whitespace().next()?.parse().ok());
    nanoseconds.map_or_else(|| std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default(), Duration::from_nanos)
}

/// The files of both folders, in the order of their names.
fn stored(folder: &Path) -> Vec<Vec<u8>> {
    let files =
        ["corpus", "crashes"].into_iter().flat_map(|part| fs::read_dir(folder.join(part)).into_iter().flatten());
    let mut paths: Vec<_> = files.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).expect("a stored input can be read")).collect()
}

/// Numbers from xorshift64*.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below `limit`; 0 where there is none.
    fn below(&mut self, limit: usize) -> usize {
        (self.next() >> 16) as usize % limit.max(1)
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

/// Whole numbers at which code tends to break.
const NUMBERS: [u64; 10] =
    [0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0xffff_ffff, 0x7fff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff];

/// Bytes that mean something in the formats.
const BYTES: [u8; 20] = *b"\0\xff\x7f\x80\n\r\t ,;:=\"'{}[]-9";

/// Pieces of text that parsers take apart.
const TEXTS: [&str; 14] = [
    "NaN",
    "inf",
    "-0",
    "1e999",
    "-1",
    "99999999999999999999",
    "null",
    "\u{feff}",
    "\u{0}",
    "</think>",
    "```json",
    "\\u0000",
    "é",
    "[[[[[[[[",
];

/// A copy of one stored input with one to four changes.
fn changed(stored: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut bytes = stored[random.below(stored.len())].clone();
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len());
        match random.below(10) {
            0 => bytes.truncate(at),
            1 if !bytes.is_empty() => bytes[at] ^= 1 << random.below(8),
            2 if !bytes.is_empty() => bytes[at] = random.of(&BYTES),
            3 => {
                let (number, width) = (random.of(&NUMBERS), random.of(&[1, 2, 4, 8]));
                let written = if random.below(2) == 0 {
                    number.to_le_bytes()
                } else {
                    number.rotate_left(64 - 8 * width).to_be_bytes()
                };
                for (byte, new) in bytes.iter_mut().skip(at).zip(&written[..width as usize]) {
                    *byte = *new;
                }
            }
            4 => {
                let end = (at + random.below(64)).min(bytes.len());
                bytes.drain(at..end);
            }
            5 => {
                let end = (at + 1 + random.below(64)).min(bytes.len());
                let piece = bytes[at.min(end)..end].to_vec();
                let times = 1 + random.below(8);
                (0..times).for_each(|_| drop(bytes.splice(at..at, piece.iter().copied())));
            }
            6 => {
                // The beginning of one and the end of another.
                let other = &stored[random.below(stored.len())];
                bytes.truncate(at);
                bytes.extend_from_slice(&other[random.below(other.len()).min(other.len())..]);
            }
            7 => drop(bytes.splice(at..at, random.of(&TEXTS).bytes())),
            8 => {
                // Another number in place of one that is written in digits.
                let digits = |byte: &u8| byte.is_ascii_digit();
                let start = bytes.iter().skip(at).position(digits).map(|offset| at + offset);
                if let Some(start) = start {
                    let end = start + bytes[start..].iter().take_while(|byte| digits(byte)).count();
                    drop(bytes.splice(start..end, random.of(&NUMBERS).to_string().into_bytes()));
                }
            }
            _ => {
                let noise: Vec<u8> = (0..1 + random.below(8)).map(|_| random.next() as u8).collect();
                drop(bytes.splice(at..at, noise));
            }
        }
        bytes.truncate(LONGEST);
    }
    bytes
}
