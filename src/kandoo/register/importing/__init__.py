"""Members from a file: cells are read, checked whole and compared, before anything is written.

reading   bytes  → a table of plain cells, or why the file cannot be read
columns   what a column is called in two languages and how its cells are read
checking  table  → rows of values, and every fault by row and column
doubles   values → who is probably in the register, or in the file, already
files     the template, the fault list and the export
"""
