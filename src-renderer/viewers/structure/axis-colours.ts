/** Of a, b and c: red, green and blue, as in every program of the field; to be seen on a light and on a dark ground. */
export const axisColours = ['#d64545', '#2f9e53', '#3f74e0'] as const;

/** Of the other edges of the cell. */
export const edgeColour = '#8b8f99';
