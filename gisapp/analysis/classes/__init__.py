"""Rows told apart: classes made, and conditions on columns."""
