"""Runs a notebook from the top and writes it with its outputs: execute.py NOTEBOOK OUT FOLDER"""
import sys

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionComplete, CellExecutionError, CellTimeoutError


class Client(NotebookClient):
    """Waits for a cell's output, which the kernel may send only after it has said that it is idle."""

    idle = -1

    def process_message(self, msg, cell, cell_index):
        try:
            output = super().process_message(msg, cell, cell_index)
        except CellExecutionComplete:
            if cell.outputs:
                raise
            self.idle = cell_index
            return None
        if output is not None and self.idle == cell_index:
            raise CellExecutionComplete()
        return output


source, target, folder = sys.argv[1:]
notebook = nbformat.read(source, as_version=4)
client = Client(notebook, timeout=60, iopub_timeout=20, raise_on_iopub_timeout=True, record_timing=False, resources={"metadata": {"path": folder}})
try:
    client.execute()
except CellExecutionError as error:
    sys.exit(str(error))
except CellTimeoutError as error:
    sys.exit(f"{error}\nEvery cell must end in something shown.")
nbformat.validate(notebook)
with open(target, "w", encoding="utf-8", newline="\n") as file:
    file.write(nbformat.writes(notebook) + "\n")
