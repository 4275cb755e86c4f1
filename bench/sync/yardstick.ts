export async function yardstick(_: { folder: string; orders: number }): Promise<void> {}
