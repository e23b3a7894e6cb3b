//! The progress bar: on standard error, only on a terminal, and only once a run is long.
//! Not here: what is counted at the end (`output.rs`).

use std::{
    io::{IsTerminal, stderr},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
        mpsc::{RecvTimeoutError, Sender, channel},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressStyle};

/// Shorter runs show nothing.
const PATIENCE: Duration = Duration::from_millis(500);
/// How often it is drawn.
const TICK: Duration = Duration::from_millis(100);

/// What has been scanned so far.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    files: AtomicU64,
    bytes: AtomicU64,
}

impl Counters {
    /// Counts one document.
    pub(crate) fn add(&self, bytes: u64) {
        self.files.fetch_add(1, Relaxed);
        self.bytes.fetch_add(bytes, Relaxed);
    }
}

/// A progress bar, which disappears when this is dropped.
pub(crate) struct Progress(Option<(Sender<()>, JoinHandle<()>)>);

impl Progress {
    /// Shows `counters` until dropped, if `wanted` and there is a terminal.
    pub(crate) fn start(counters: &Arc<Counters>, wanted: bool) -> Progress {
        if !wanted || !stderr().is_terminal() {
            return Progress(None);
        }
        let counters = Arc::clone(counters);
        let (end, ended) = channel::<()>();
        let thread = thread::spawn(move || {
            if ended.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let bar = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
                bar.set_style(style);
            }
            while ended.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
                let (files, bytes) = (counters.files.load(Relaxed), counters.bytes.load(Relaxed));
                bar.set_message(format!("{} files, {} scanned", HumanCount(files), HumanBytes(bytes)));
                bar.tick();
            }
            bar.finish_and_clear();
        });
        Progress(Some((end, thread)))
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((end, thread)) = self.0.take() {
            drop(end);
            // A thread that panicked has nothing left to draw.
            let _ = thread.join();
        }
    }
}
