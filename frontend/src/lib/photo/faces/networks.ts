// The two networks with the weights that face-api ships, fetched from our own origin when the first
// photo is looked at.

import detectorManifest from '@vladmandic/face-api/model/tiny_face_detector_model-weights_manifest.json';
import detector from '@vladmandic/face-api/model/tiny_face_detector_model.bin?url';
import landmarksManifest from '@vladmandic/face-api/model/face_landmark_68_tiny_model-weights_manifest.json';
import landmarks from '@vladmandic/face-api/model/face_landmark_68_tiny_model.bin?url';
import type { Networks } from '../report.ts';
import { WeightFile, type Manifest } from './weights.ts';

export async function loadNetworks(): Promise<Networks> {
  const [one, two] = await Promise.all([
    load(detector, detectorManifest),
    load(landmarks, landmarksManifest),
  ]);
  return { detector: one, landmarks: two };
}

async function load(address: string, manifest: Manifest): Promise<WeightFile> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`the weights answered ${response.status}`);
  return new WeightFile(manifest, new Uint8Array(await response.arrayBuffer()));
}
