// Everything that is measured of one photo. Small, and without a pixel: it may be kept when the
// photo has gone to the server.

import { findFaces } from './faces/find.ts';
import { landmarks, turn } from './faces/turn.ts';
import type { WeightFile } from './faces/weights.ts';
import { perceptualHash } from './hash.ts';
import { measureLight, type Light } from './light.ts';
import { measureOutfit } from './outfit.ts';
import type { Pixels } from './pixels.ts';
import { sharpnessOfFace, sharpnessOfPicture } from './sharpness.ts';

export interface Report {
  /** Upright, before shrinking. */
  width: number;
  height: number;
  sharpness: { picture: number; face: number | null };
  light: Light;
  hash: string;
  /** The largest first. */
  faces: Face[];
  outfit: number[] | null;
  /** Whether the file said where it was taken. */
  place: boolean;
}

export interface Face {
  /** As a share of the picture's height. */
  height: number;
  /** In pixels of the photo as it is sent. */
  pixels: number;
  score: number;
  /** From -1, to the left of the picture, to 1. */
  turn: number;
}

export interface Networks {
  detector: WeightFile;
  landmarks: WeightFile;
}

/** Measures the photo as it will be sent; `original` is how large it was before. */
export function measure(
  pixels: Pixels,
  original: { width: number; height: number },
  place: boolean,
  networks: Networks,
): Report {
  const found = findFaces(pixels, networks.detector).sort((a, b) => b.height - a.height);
  const main = found[0] ?? null;
  return {
    width: original.width,
    height: original.height,
    sharpness: {
      picture: sharpnessOfPicture(pixels),
      face: main && sharpnessOfFace(pixels, main),
    },
    light: measureLight(pixels, main),
    hash: perceptualHash(pixels),
    faces: found.map((face) => ({
      height: face.height / pixels.height,
      pixels: Math.round(face.height),
      score: face.score,
      turn: turn(landmarks(pixels, face, networks.landmarks)),
    })),
    outfit: main && measureOutfit(pixels, main),
    place,
  };
}
