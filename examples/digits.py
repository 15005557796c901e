#!/usr/bin/env python3
"""A real training program: a small neural network learns to read digits (scikit-learn, on the CPU)."""
from sklearn.datasets import load_digits
from sklearn.model_selection import cross_val_score
from sklearn.neural_network import MLPClassifier

images, labels = load_digits(return_X_y=True)
model = MLPClassifier(hidden_layer_sizes=(256, 128), max_iter=60, random_state=1)
scores = cross_val_score(model, images / 16.0, labels, cv=5)
print(f"accuracy in five folds: {scores.mean():.3f} +- {scores.std():.3f}")
