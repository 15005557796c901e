# cmake -DIN=file -DOUT=file.cc -DNAME=kName -P embed_text.cmake: a text file as a string of the program, so that one
# binary works anywhere.
file(READ "${IN}" text)
file(WRITE "${OUT}" "// made from ${IN} by cmake/embed_text.cmake\n"
  "#include <string_view>\n\nnamespace joulery {\n\n"
  "extern const std::string_view ${NAME};\n"
  "const std::string_view ${NAME} = R\"text(${text})text\";\n\n}  // namespace joulery\n")
