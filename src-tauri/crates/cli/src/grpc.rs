//! `fts grpc`: the service for clients of the reference studio.

use std::{net::SocketAddr, path::PathBuf};

use ::grpc::{Encryption, Options, Server};
use clap::Args;
use serde_json::json;
use studio::{Error, ErrorCode, serving::Key};

use crate::{
    output::print,
    serve::stopped,
    session::{DONE, Failure, Outcome, Session},
};

/// Answer clients of a Cloudera Fine Tuning Studio, by its gRPC contract
///
/// One line of JSON is printed once it answers: ip and port. What clients need in their environment is printed
/// to standard error. Ctrl-C or SIGTERM ends it: calls
/// that are under way have 20 seconds, and runs go on.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  fts grpc --listen 127.0.0.1:50051 --import-folder ~/snapshots")]
pub(crate) struct Grpc {
    /// The address and the port to listen on; port 0 for a free one. Others than this machine's own addresses
    /// let other machines call
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:50051")]
    listen: String,
    /// The compute target that runs of clients work on, by its name or id; without it, this machine
    #[arg(long, value_name = "TARGET")]
    target: Option<String>,
    /// The folder that clients may import files from; without it, they import none
    #[arg(long, value_name = "DIR")]
    import_folder: Option<PathBuf>,
    /// A file with the key that clients send; it is made if it is not there. Without it, none is asked for
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// A certificate to encrypt with, in PEM
    #[arg(long, value_name = "FILE", requires = "private_key")]
    certificate: Option<PathBuf>,
    /// The private key of the certificate, in PEM
    #[arg(long, value_name = "FILE", requires = "certificate")]
    private_key: Option<PathBuf>,
    /// Let other machines call although nothing is encrypted
    #[arg(long, conflicts_with = "certificate")]
    unencrypted: bool,
}

impl Grpc {
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        let encryption = self
            .certificate
            .zip(self.private_key)
            .map(|(certificate, private_key)| Encryption { certificate, private_key });
        let options = Options {
            listen: address(&self.listen).map_err(Failure::usage)?,
            target: self.target,
            import_folder: self.import_folder,
            key: self.key_file.as_deref().map(Key::from_file).transpose()?,
            encryption,
            unencrypted: self.unencrypted,
        };
        options.check()?;
        if let Some(warning) = options.warning() {
            session.output.warning("listen", &warning);
        }
        // From here on a signal ends it in order.
        let stop = stopped();
        let server = Server::bind(session.studio().await?.clone(), &options).await?;
        let (ip, port) = (server.address().ip().to_string(), server.address().port());
        print(&json!({"ip": ip, "port": port}).to_string());
        eprintln!("FINE_TUNING_SERVICE_IP={ip}\nFINE_TUNING_SERVICE_PORT={port}");
        server.serve(stop).await?;
        DONE
    }
}

fn address(text: &str) -> Result<SocketAddr, Error> {
    let text = text.trim();
    let numeric = text.strip_prefix("localhost:").map(|port| format!("127.0.0.1:{port}"));
    numeric.as_deref().unwrap_or(text).parse().map_err(|_| {
        Error::new(ErrorCode::Invalid, format!("'{text}' is not an IP address with a port."))
            .hint("Write one such as 127.0.0.1:50051, or [::1]:0 for a free port.")
            .on("listen")
    })
}
