"""The manifests hold together: names that refer to each other, probes that exist, commands and settings of the program."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.runtime.settings import Settings

FOLDER = Path(__file__).parents[2] / "deploy" / "kubernetes"
KUSTOMIZATION = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())
Manifest = dict[str, Any]


def read(file: str) -> list[Manifest]:
    return [one for one in yaml.safe_load_all((FOLDER / file).read_text()) if one]


ALL: list[Manifest] = [one for file in KUSTOMIZATION["resources"] for one in read(file)]
WORKLOADS = [one for one in ALL if one["kind"] in {"Deployment", "Job"}]
SERVED = {"web": {"/healthz", "/readyz", "/servez"}, "worker": {"/healthz"}, "scheduler": {"/healthz"}}


def named(kind: str) -> dict[str, Manifest]:
    return {one["metadata"]["name"]: one for one in ALL if one["kind"] == kind}


def container(workload: Manifest) -> Manifest:
    [found] = workload["spec"]["template"]["spec"]["containers"]
    return dict(found)


def labels(workload: Manifest) -> Manifest:
    return dict(workload["spec"]["template"]["metadata"]["labels"])


def ids(workload: Manifest) -> str:
    return str(workload["metadata"]["name"])


def test_every_file_is_a_resource_or_an_example() -> None:
    files = {file.name for file in FOLDER.glob("*.yaml")} - {"kustomization.yaml", "secret.example.yaml"}
    assert files == set(KUSTOMIZATION["resources"])
    assert all({"apiVersion", "kind", "metadata"} <= set(one) for one in ALL)
    [image] = KUSTOMIZATION["images"]
    assert image["newTag"] != "latest"
    assert {container(one)["image"] for one in WORKLOADS} == {image["name"]}


@pytest.mark.parametrize("workload", WORKLOADS, ids=ids)
def test_a_process_has_no_rights_but_its_own(workload: Manifest) -> None:
    pod, inner = workload["spec"]["template"]["spec"], container(workload)
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] == 10001  # the user of the image
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert inner["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert {mount["mountPath"] for mount in inner["volumeMounts"]} == {"/data", "/tmp"}
    assert {mount["name"] for mount in inner["volumeMounts"]} == {volume["name"] for volume in pod["volumes"]}
    assert "memory" in inner["resources"]["limits"]


@pytest.mark.parametrize("workload", WORKLOADS, ids=ids)
def test_its_command_is_one_of_the_program(workload: Manifest) -> None:
    command, *rest = container(workload)["args"]
    said = subprocess.run(
        [sys.executable, "-m", "bot", command, "--help"], capture_output=True, text=True, check=True
    ).stdout
    assert all(word in said for word in rest if word.startswith("--"))


@pytest.mark.parametrize("workload", WORKLOADS, ids=ids)
def test_its_settings_exist_and_are_given_once(workload: Manifest) -> None:
    [secret] = read("secret.example.yaml")
    [config] = named("ConfigMap").values()
    assert container(workload)["envFrom"] == [
        {"configMapRef": {"name": config["metadata"]["name"]}},
        {"secretRef": {"name": secret["metadata"]["name"]}},
    ]
    known = {f"BOT_{field.upper()}" for field in Settings.model_fields}
    assert set(config["data"]) | set(secret["stringData"]) <= known
    assert not set(config["data"]) & set(secret["stringData"])
    assert config["data"]["BOT_MIGRATE"] == "0"  # the job does it


@pytest.mark.parametrize("workload", named("Deployment").values(), ids=ids)
def test_its_probes_are_served_and_its_budget_leaves_one_running(workload: Manifest) -> None:
    name, inner = workload["metadata"]["name"], container(workload)
    assert workload["spec"]["selector"]["matchLabels"].items() <= labels(workload).items()
    [port] = inner["ports"]
    probes = [inner[key] for key in ("startupProbe", "readinessProbe", "livenessProbe") if key in inner]
    assert probes
    for probe in probes:
        assert probe["httpGet"]["path"] in SERVED[name]
        assert probe["httpGet"]["port"] == port["name"]
    if "--status-port" in inner["args"]:
        assert inner["args"][-1] == str(port["containerPort"])
    budget = named("PodDisruptionBudget")[name]["spec"]
    assert budget["selector"]["matchLabels"].items() <= labels(workload).items()
    assert budget["minAvailable"] < workload["spec"]["replicas"]
    assert workload["spec"]["template"]["metadata"]["annotations"]["prometheus.io/port"] == str(
        port["containerPort"]
    )


def test_a_balancer_asks_what_only_this_pod_may_lack() -> None:
    """With /readyz a store that is away would take every pod out, and people would get WeChat's own line."""
    assert container(named("Deployment")["web"])["readinessProbe"]["httpGet"]["path"] == "/servez"


def test_services_ingress_and_network_lead_to_pods_that_exist() -> None:
    pods = [labels(one) for one in WORKLOADS]
    service = named("Service")["web"]
    assert any(service["spec"]["selector"].items() <= pod.items() for pod in pods)
    ports = {port["name"] for port in service["spec"]["ports"]}
    [rule] = named("Ingress")["web"]["spec"]["rules"]
    paths = {path["path"] for path in rule["http"]["paths"]}
    assert {path["backend"]["service"]["port"]["name"] for path in rule["http"]["paths"]} <= ports
    assert "/wechat" in paths
    assert not paths & {"/", "/metrics", "/readyz", "/sandbox"}
    for policy in named("NetworkPolicy").values():
        chosen = policy["spec"]["podSelector"].get("matchLabels", {})
        assert any(chosen.items() <= pod.items() for pod in pods)
