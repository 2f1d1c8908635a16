{
  "targets": [
    {
      "target_name": "sekisho",
      "sources": ["src/addon.c", "src/job.c", "src/values.c"],
      "cflags": ["-std=c17", "-Wall", "-Wextra", "<!@(pkg-config --cflags sekisho)"],
      "libraries": ["<!@(pkg-config --libs sekisho)"]
    }
  ]
}
