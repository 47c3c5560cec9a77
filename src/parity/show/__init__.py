"""Documents, tables and charts, and their forms: terminal, HTML, Markdown, PDF, files. No subject matter."""
