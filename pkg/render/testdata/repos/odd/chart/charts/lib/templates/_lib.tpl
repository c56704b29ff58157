{{- define "lib.text" }}from the library{{ end }}
