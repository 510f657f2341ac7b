//! Addresses of MLflow servers, and which of them mean nothing on other machines.

/// Whether a tracking address means nothing on other machines: a file, or a server of this machine alone.
pub fn is_of_this_machine(uri: &str) -> bool {
    let Some((scheme, rest)) = uri.split_once("://") else { return true };
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let host = host.rsplit('@').next().unwrap_or(host);
    let name = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => host.split(':').next().unwrap_or(host),
    };
    let is_loopback = name.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback());
    !matches!(scheme, "http" | "https" | "databricks") || name == "localhost" || is_loopback
}

#[cfg(test)]
mod tests {
    use super::is_of_this_machine;

    #[test]
    fn addresses_that_mean_nothing_elsewhere_are_known() {
        for local in [
            "sqlite:////home/ada/mlflow.db",
            "file:///tmp/mlruns",
            "mlruns",
            "",
            "http://127.0.0.1:5000",
            "http://localhost:5000/x",
            "http://[::1]:5000",
        ] {
            assert!(is_of_this_machine(local), "{local}");
        }
        for reachable in ["https://mlflow.example.org", "http://ada@10.0.0.7:5000/x", "databricks://profile"]
        {
            assert!(!is_of_this_machine(reachable), "{reachable}");
        }
    }
}
