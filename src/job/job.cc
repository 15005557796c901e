// job: placeholder of the build, replaced by the first real file of the folder.
