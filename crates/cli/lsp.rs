//! The command `lsp`: carries messages between an editor and the language server, over standard input and output.
//! Not here: what the messages say (`keylint-lsp`), or how files are read for it (`lsp/disk.rs`).

mod disk;
mod frame;

use std::{
    io::{Write, stdin, stdout},
    panic::{AssertUnwindSafe, catch_unwind},
    process::ExitCode,
    sync::mpsc,
    thread,
};

use keylint_lsp::Server;

use self::{disk::Disk, frame::Frame};

/// Ends with 0 after a `shutdown`, else with 1.
pub(crate) fn run() -> anyhow::Result<ExitCode> {
    let (sender, receiver) = mpsc::channel();
    // A thread of its own reads ahead, so that a request can be cancelled before it is handled, and so that an editor
    // that writes before it reads is not kept waiting.
    thread::spawn(move || frame::read_all(&mut stdin().lock(), |frame| sender.send(frame).is_ok()));
    let mut server = Server::new(Box::new(Disk));
    let mut out = stdout().lock();
    loop {
        // Everything that is at hand, and where there is nothing to do the next that comes.
        loop {
            let next = if server.is_busy() { receiver.try_recv().ok() } else { receiver.recv().ok() };
            match next {
                Some(Frame::Message(text)) => server.receive(&text),
                // What is no message is answered as such.
                Some(Frame::Broken) => server.receive(""),
                None if server.is_busy() => break,
                // The editor is gone.
                None => return Ok(ExitCode::from(server.exit_code().unwrap_or(1))),
            }
        }
        let messages = catch_unwind(AssertUnwindSafe(|| server.step())).unwrap_or_else(|_| server.failed());
        for message in &messages {
            write!(out, "Content-Length: {}\r\n\r\n{message}", message.len())?;
        }
        out.flush()?;
        if let Some(code) = server.exit_code() {
            return Ok(ExitCode::from(code));
        }
    }
}
