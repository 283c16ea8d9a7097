/** First names from many places; Iris and Ben come first. */
export const NAMES = `
  Iris Ben
  Abena Adele Agnes Ahmed Aiko Alba Alma Amara Amir Anja Anton Anwen Arash Arjun Arlo Asha Astrid Aurel Aya Ayo
  Basil Bea Bilal Bjorn Bruna Bruno Camille Carmen Carys Cato Chidi Chloe Clara Cleo Cora Cyrus Dafna Dalia Dario
  Deniz Devi Dina Dmitri Dora Edda Edgar Efua Einar Elena Elias Elif Elio Ella Emeka Emil Emre Enzo Esme Esra Etta
  Eva Ezra Fadi Farah Fatima Felix Fern Fida Fiona Flora Frida Gael Georg Gita Goran Greta Gus Hada Hadi Hana Hanne
  Harun Hedda Hugo Ida Idris Ilse Imani Imre Ines Inga Ivo Jada Jamal Jana Jonas Joss Juno Kai Kamal Karin Katya Kenji
  Kira Kofi Lara Lars Leif Leila Lena Leo Lin Linus Livia Lotte Luca Luis Maia Malik Mara Marek Mateo Maya Mei Mila
  Milan Mina Mira Moana Nadia Nash Neel Nia Nico Nils Nina Noa Noor Nuno Oona Omar Orla Oskar Otis Pablo Paola Petra
  Pia Piet Quinn Rafa Rania Ravi Remy Rhea Rosa Ruben Rune Ruth Sade Salma Samir Sana Sara Selma Silas Sofia Soren
  Stella Sunil Suki Taavi Tala Tamar Tariq Tess Theo Tilda Timo Tove Umar Uma Vera Vikram Wanda Wren Xenia Yael Yara
  Yusuf Yuki Yvo Zadie Zara Zeno Zola Zuri Ulla
`
  .trim()
  .split(/\s+/);
