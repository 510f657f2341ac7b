//! Serves the window's commands to pages that run outside the window: in the tests of the pages, and
//! in a browser.
//!
//! It listens on a free port of this machine alone and prints one line, `{"port": …, "token": …}`.
//! A WebSocket to `/?token=…` is one [session]: a window's state on a folder of its own, which goes
//! with the connection. The program ends with its standard input, that is, with whoever started it.
//!
//! Called as `ui-host run FOLDER` or `ui-host serve` it is the [worker] of those sessions.

mod session;
mod worker;

use std::io::Write as _;

use anyhow::Result;
use tokio::{
    io::AsyncReadExt as _,
    net::{TcpListener, TcpStream},
};
use tokio_tungstenite::{
    accept_hdr_async,
    tungstenite::{
        handshake::server::{ErrorResponse, Request, Response},
        http::StatusCode,
    },
};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["run", folder] => worker::run(folder.as_ref()),
        ["serve"] => worker::serve(),
        _ => {
            let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("off"));
            tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
            tauri::async_runtime::block_on(serve())
        }
    }
}

async fn serve() -> Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    // Other programs of this machine can reach the port, too.
    let token = uuid::Uuid::new_v4().to_string();
    println!("{}", serde_json::json!({"port": listener.local_addr()?.port(), "token": token}));
    std::io::stdout().flush()?;
    let address = format!("/?token={token}");
    let (stop, mut sessions) = (CancellationToken::new(), Vec::new());
    let mut ended = [0];
    let mut input = tokio::io::stdin();
    loop {
        tokio::select! {
            read = input.read(&mut ended) => if read? == 0 { break },
            accepted = listener.accept() => {
                let (stream, address, stop) = (accepted?.0, address.clone(), stop.clone());
                // A Tauri program stays on the thread that built it.
                sessions.push(std::thread::spawn(move || {
                    if let Err(error) = on_this_thread(connection(stream, &address, &stop)) {
                        eprintln!("A session ended early: {error:#}");
                    }
                }));
                sessions.retain(|session| !session.is_finished());
            }
        }
    }
    stop.cancel();
    // Each deletes its folder, which ends the workers in it.
    sessions.into_iter().for_each(|session| _ = session.join());
    Ok(())
}

fn on_this_thread(connection: impl Future<Output = Result<()>>) -> Result<()> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(connection)
}

#[expect(clippy::result_large_err, reason = "the library says what a refusal is")]
async fn connection(stream: TcpStream, address: &str, stop: &CancellationToken) -> Result<()> {
    // The stream was accepted by the runtime of the listener.
    let stream = TcpStream::from_std(stream.into_std()?)?;
    let check = |request: &Request, response: Response| {
        if request.uri() == address {
            return Ok(response);
        }
        let mut refusal = ErrorResponse::new(Some("The token is missing or wrong.".to_owned()));
        *refusal.status_mut() = StatusCode::FORBIDDEN;
        Err(refusal)
    };
    session::serve(accept_hdr_async(stream, check).await?, stop).await
}
