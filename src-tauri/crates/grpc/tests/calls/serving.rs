//! Who may call, what describes the service, and how it ends.

use std::{net::SocketAddr, time::Duration};

use grpc::{Encryption, Options, Server};
use serde_json::json;
use studio::serving::Key;
use tonic::{
    Code, Request,
    transport::{Certificate, ClientTlsConfig, Endpoint},
};
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};
use tonic_reflection::pb::v1::{
    ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
    server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
};

use crate::{
    client::Client,
    recorded::{Table, table},
    world::{World, studio, write},
};

fn options(listen: &str) -> Options {
    Options {
        listen: listen.parse().unwrap(),
        target: None,
        import_folder: None,
        key: None,
        encryption: None,
        unencrypted: false,
    }
}

#[tokio::test]
async fn a_call_without_the_key_is_refused() {
    let key = Key::new();
    let world = World::with_key(Some(key.clone())).await;
    for client in [world.client.clone(), world.client.clone().with_key("another")] {
        let status = client.call("ListModels", json!({})).await.unwrap_err();
        assert_eq!(status.code(), Code::Unknown);
        assert_eq!(status.metadata().get("fts-error-code").unwrap(), "unauthenticated");
    }
    let client = world.client.clone().with_key(key.reveal());
    assert_eq!(client.answered("ListModels", json!({})).await, json!({}));
}

#[tokio::test]
async fn a_refusal_carries_the_whole_error() {
    let world = World::new().await;
    let status = world.client.call("GetModel", json!({"id": "nobody"})).await.unwrap_err();
    assert_eq!(status.message(), "There is no model with the id 'nobody'.");
    let whole = status.metadata().get_bin("fts-error-bin").unwrap().to_bytes().unwrap();
    let whole: serde_json::Value = serde_json::from_slice(&whole).unwrap();
    assert_eq!(whole["code"], "not_found");
    assert_eq!(whole["hint"], "It may have been deleted. Check the id.");
}

#[tokio::test]
async fn a_refusal_of_a_long_text_still_fits_into_the_trailers() {
    let world = World::new().await;
    let status = world.client.call("GetModel", json!({"id": "ü".repeat(100_000)})).await.unwrap_err();
    assert_eq!(status.code(), Code::Unknown);
    assert!(status.message().starts_with("There is no model with the id 'üü"), "{}", status.message());
}

#[tokio::test]
async fn other_machines_are_let_in_by_a_word_or_a_certificate_alone() {
    let folder = tempfile::tempdir().unwrap();
    let studio = studio(folder.path()).await;
    let open = options("0.0.0.0:0");
    let refused = Server::bind(studio.clone(), &open).await.err().unwrap();
    assert_eq!(refused.fields[0].column, "listen");
    let allowed = Options { unencrypted: true, ..open };
    assert!(allowed.warning().unwrap().contains("without a key. Requests and responses are not encrypted."));
    Server::bind(studio, &allowed).await.unwrap();
    assert_eq!(options("127.0.0.1:0").warning(), None);
}

#[tokio::test]
async fn a_certificate_encrypts_and_lets_other_machines_in() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let [certificate, private_key] =
        [("certificate.pem", made.cert.pem()), ("key.pem", made.signing_key.serialize_pem())].map(
            |(name, text)| {
                std::fs::write(folder.path().join(name), text).unwrap();
                folder.path().join(name)
            },
        );
    let encryption = Some(Encryption { certificate, private_key });
    let options = Options { encryption, ..options("0.0.0.0:0") };
    assert!(options.warning().unwrap().ends_with("start runs without a key."));
    let server = Server::bind(studio(folder.path()).await, &options).await.unwrap();
    let port = server.address().port();
    let served = tokio::spawn(server.serve(std::future::pending()));
    let authority = Certificate::from_pem(made.cert.pem());
    let tls = ClientTlsConfig::new().ca_certificate(authority).domain_name("localhost");
    let endpoint = Endpoint::from_shared(format!("https://127.0.0.1:{port}")).unwrap();
    let client = Client::new(endpoint.tls_config(tls).unwrap()).await;
    assert_eq!(client.answered("ListModels", json!({})).await, json!({}));
    let plain = Endpoint::from_shared(format!("http://127.0.0.1:{port}")).unwrap().connect_lazy();
    assert!(HealthClient::new(plain).check(HealthCheckRequest::default()).await.is_err());
    served.abort();
}

/// An export that can't be carried out is a refusal with the reason of its run.
#[tokio::test]
async fn an_export_of_a_model_is_waited_for() {
    let world = World::new().await;
    let Table { files, .. } = table();
    for (path, content) in files {
        write(&world.path(&path), &content);
    }
    let model = json!({"type": "huggingface", "huggingface_name": "acme/tiny"});
    let model = world.client.answered("AddModel", model).await["model"]["id"].clone();
    let adapter = json!({"name": "First", "model_id": model, "location": world.path("adapter")});
    let adapter = world.client.answered("AddAdapter", adapter).await["adapter"]["id"].clone();
    let export = json!({"type": "model_registry", "base_model_id": model, "adapter_id": adapter,
        "model_name": "tickets"});
    let status = world.client.call("ExportModel", export).await.unwrap_err();
    assert!(status.message().starts_with("The export of 'tickets' ended as "), "{}", status.message());
    let exported = world.studio.runs().list().await.unwrap();
    assert_eq!(exported.len(), 1);
}

#[tokio::test]
async fn a_port_that_is_taken_is_named() {
    let world = World::new().await;
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address: SocketAddr = taken.local_addr().unwrap();
    let refused = Server::bind(world.studio.clone(), &options(&address.to_string())).await.err().unwrap();
    let message = format!("Could not listen on {address}: another program has taken the port.");
    assert_eq!(refused.message, message);
}

#[tokio::test]
async fn health_and_reflection_are_there() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::bind(studio(folder.path()).await, &options("127.0.0.1:0")).await.unwrap();
    let endpoint = Endpoint::from_shared(format!("http://{}", server.address())).unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let served = tokio::spawn(server.serve(async { _ = stopped.await }));
    let channel = endpoint.connect().await.unwrap();
    let service = studio::wire::SERVICE.to_owned();
    let request = HealthCheckRequest { service: service.clone() };
    let health = HealthClient::new(channel.clone()).check(request).await.unwrap();
    assert_eq!(health.into_inner().status, 1);
    let question = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    };
    let asked = Request::new(tokio_stream::once(question));
    let mut answers = ServerReflectionClient::new(channel.clone())
        .server_reflection_info(asked)
        .await
        .unwrap()
        .into_inner();
    let answer = answers.message().await.unwrap().unwrap().message_response.unwrap();
    let MessageResponse::ListServicesResponse(services) = answer else { panic!("{answer:?}") };
    assert!(services.service.iter().any(|named| named.name == service));
    drop((channel, answers));
    stop.send(()).unwrap();
    served.await.unwrap().unwrap();
}

#[tokio::test]
async fn an_end_lets_calls_that_are_under_way_finish() {
    let world = World::new().await;
    let dataset = world.dataset().await;
    let client: Client = world.client.clone();
    let calls = (0..20).map(|number| {
        let (client, dataset) = (client.clone(), dataset.clone());
        tokio::spawn(async move {
            let config =
                json!({"type": "custom", "config": format!("{{\"of\": \"{dataset}\", \"n\": {number}}}")});
            client.call("AddConfig", config).await
        })
    });
    let calls: Vec<_> = calls.collect();
    // One that is answered shows that they are on their way.
    world.client.answered("ListConfigs", json!({})).await;
    world.stop.send(()).unwrap();
    let mut answered = 0;
    for call in calls {
        answered += usize::from(call.await.unwrap().is_ok());
    }
    drop((client, world.client));
    tokio::time::timeout(Duration::from_secs(25), world.served).await.unwrap().unwrap().unwrap();
    let configs = world.studio.store().counts().await.unwrap();
    let kept = configs.iter().find(|count| count.table == studio::schema::TableName::Configs).unwrap().rows;
    assert!(kept as usize >= answered, "{answered} were answered and {kept} kept");
}
