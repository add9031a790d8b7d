"""The second reading stage's weights: encoder.onnx, its tokenizer, and what they are (encoder.json). Built by make model."""
