// joulery: the command line.
int main() { return 64; }
