//! The stand-ins behind one loopback port, with the real time and real connections.
//! It must never bind anything but loopback, and it stops at SIGTERM or SIGINT.

mod connection;
mod courier;
mod flags;
mod host;
mod journal;
mod request;

use std::error::Error;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use flags::Flags;
use host::Host;

fn main() -> ExitCode {
    match Flags::parse(std::env::args_os().skip(1))
        .map_err(Into::into)
        .and_then(|flags| run(&flags))
    {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("stand-ins: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(flags: &Flags) -> Result<(), Box<dyn Error>> {
    let mut signals = Signals::new([SIGTERM, SIGINT])?;
    let listener = TcpListener::bind((flags.host, flags.port))?;
    let origin = format!("http://{}", listener.local_addr()?);
    let host = Host::new(&flags.settings(&origin), flags.journal.as_deref())?;
    let host = Arc::new(host);
    let (deliverer, server) = (Arc::clone(&host), Arc::clone(&host));
    thread::spawn(move || courier::run(&deliverer));
    thread::spawn(move || accept(&listener, &server));
    let mut out = std::io::stdout();
    writeln!(out, "listening {origin}")?;
    out.flush()?;
    signals.forever().next();
    Ok(())
}

fn accept(listener: &TcpListener, host: &Arc<Host>) {
    for stream in listener.incoming().filter_map(Result::ok) {
        let host = Arc::clone(host);
        thread::spawn(move || serve(&host, stream));
    }
}

fn serve(host: &Host, stream: TcpStream) {
    if let Err(error) = connection::serve(host, stream) {
        eprintln!("stand-ins: a connection ended early: {error}");
    }
}
